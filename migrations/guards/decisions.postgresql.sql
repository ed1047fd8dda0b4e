-- A decision is written once, for PostgreSQL. Statements are parted by a line of four dashes.

CREATE FUNCTION decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.contested_at IS NULL THEN
      RETURN NEW;
    END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    IF (NEW.id, NEW.key, NEW.value, NEW.holds_from, NEW.decided_at)
        IS NOT DISTINCT FROM (OLD.id, OLD.key, OLD.value, OLD.holds_from, OLD.decided_at)
      AND (OLD.confirmed_at IS NULL OR NEW.confirmed_at IS NOT DISTINCT FROM OLD.confirmed_at)
      AND (OLD.contested_at IS NULL OR (NEW.contested_at, NEW.confirmed_at)
        IS NOT DISTINCT FROM (OLD.contested_at, OLD.confirmed_at)) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'decisions: what was decided never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$
----
CREATE TRIGGER decision_stands BEFORE INSERT OR UPDATE OR DELETE ON decision
  FOR EACH ROW EXECUTE FUNCTION decision_guard()
----
CREATE TRIGGER decision_is_not_emptied BEFORE TRUNCATE ON decision
  FOR EACH STATEMENT EXECUTE FUNCTION decision_guard()
