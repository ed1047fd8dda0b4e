-- A lock on past days stays, for SQLite. Statements are parted by a line of four dashes.

CREATE TRIGGER period_begins BEFORE INSERT ON period BEGIN
  SELECT RAISE(ABORT, 'books: a lock ends after it starts') WHERE NEW.ends_on < NEW.starts_on;
  SELECT RAISE(ABORT, 'books: a lock is never replaced')
    WHERE EXISTS (SELECT 1 FROM period WHERE id = NEW.id);
END
----
CREATE TRIGGER period_is_fixed BEFORE UPDATE ON period BEGIN
  SELECT RAISE(ABORT, 'books: a lock never changes');
END
----
CREATE TRIGGER period_stays BEFORE DELETE ON period BEGIN
  SELECT RAISE(ABORT, 'books: a lock is never taken off');
END
