-- A decision is written once, for SQLite. Statements are parted by a line of four dashes.

CREATE TRIGGER decision_begins BEFORE INSERT ON decision BEGIN
  SELECT RAISE(ABORT, 'decisions: a decision is never replaced')
    WHERE EXISTS (SELECT 1 FROM decision WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'decisions: nothing is contested before it is written') WHERE NEW.contested_at IS NOT NULL;
END
----
CREATE TRIGGER decision_is_written_once BEFORE UPDATE ON decision BEGIN
  SELECT RAISE(ABORT, 'decisions: what was decided never changes')
    WHERE NEW.id IS NOT OLD.id OR NEW.key IS NOT OLD.key OR NEW.value IS NOT OLD.value
      OR NEW.holds_from IS NOT OLD.holds_from OR NEW.decided_at IS NOT OLD.decided_at;
  SELECT RAISE(ABORT, 'decisions: a decision is confirmed once')
    WHERE OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS NOT OLD.confirmed_at;
  SELECT RAISE(ABORT, 'decisions: what was contested stays so')
    WHERE OLD.contested_at IS NOT NULL
      AND (NEW.contested_at IS NOT OLD.contested_at OR NEW.confirmed_at IS NOT OLD.confirmed_at);
END
----
CREATE TRIGGER decision_stays BEFORE DELETE ON decision BEGIN
  SELECT RAISE(ABORT, 'decisions: a decision never goes away');
END
