-- A lock on past days stays, for PostgreSQL. Statements are parted by a line of four dashes.

CREATE FUNCTION period_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.ends_on >= NEW.starts_on THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'books: a lock stays as it is' USING ERRCODE = 'integrity_constraint_violation';
END $$
----
CREATE TRIGGER period_stands BEFORE INSERT OR UPDATE OR DELETE ON period
  FOR EACH ROW EXECUTE FUNCTION period_refuse()
----
CREATE TRIGGER period_is_not_emptied BEFORE TRUNCATE ON period
  FOR EACH STATEMENT EXECUTE FUNCTION period_refuse()
