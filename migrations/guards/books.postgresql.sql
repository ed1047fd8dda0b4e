-- Guards of the books, for PostgreSQL. Statements are parted by a line of four dashes.

CREATE FUNCTION books_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'books: %', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$
----
CREATE FUNCTION books_demand(holds boolean, words text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF holds IS NOT TRUE THEN
    RAISE EXCEPTION 'books: %', words USING ERRCODE = 'integrity_constraint_violation';
  END IF;
END $$
----
CREATE FUNCTION books_entry_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE newest journal_entry;
BEGIN
  SELECT * INTO newest FROM journal_entry ORDER BY seq DESC LIMIT 1;
  PERFORM books_demand(NOT NEW.sealed, 'an entry begins unsealed');
  PERFORM books_demand(coalesce(newest.sealed, true), 'the entry before is not sealed');
  PERFORM books_demand(NEW.seq = coalesce(newest.seq, 0) + 1, 'numbers follow each other without a gap');
  PERFORM books_demand(NEW.prev_hash = coalesce(newest.hash, repeat('0', 64)), 'the chain of hashes is broken');
  PERFORM books_demand(
    NEW.reverses IS NULL
      OR EXISTS (SELECT 1 FROM journal_entry WHERE seq = NEW.reverses AND reverses IS NULL),
    'only an entry that is there and reverses nothing is reversed');
  PERFORM books_demand(
    NOT EXISTS (SELECT 1 FROM period WHERE NEW.date BETWEEN starts_on AND ends_on), 'the day is locked');
  RETURN NEW;
END $$
----
-- The one change an entry ever sees is being sealed. Its postings are proved and go into the balances.
CREATE FUNCTION books_entry_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM books_demand(NOT OLD.sealed, 'a sealed entry never changes');
  OLD.sealed := true;
  PERFORM books_demand(NEW IS NOT DISTINCT FROM OLD, 'an entry is only ever sealed');
  PERFORM books_demand(
    (SELECT count(*) FROM posting WHERE entry = NEW.seq) >= 2, 'an entry has two legs or more');
  PERFORM books_demand(
    NOT EXISTS (SELECT 1 FROM posting WHERE entry = NEW.seq GROUP BY activity HAVING sum(cents) <> 0),
    'an entry balances within each activity');

  INSERT INTO balance (account, activity, subject, cents)
    SELECT account, activity, coalesce(subject, ''), sum(cents) FROM posting
    WHERE entry = NEW.seq GROUP BY 1, 2, 3
    ON CONFLICT (account, activity, subject) DO UPDATE SET cents = balance.cents + excluded.cents;

  PERFORM books_demand(NOT EXISTS (
    SELECT 1 FROM posting AS leg
    JOIN account ON account.code = leg.account AND account.never_negative
    JOIN balance ON balance.account = leg.account AND balance.activity = leg.activity
      AND balance.subject = coalesce(leg.subject, '')
    WHERE leg.entry = NEW.seq
      AND CASE WHEN account.type IN ('asset', 'expense') THEN balance.cents ELSE -balance.cents END < 0),
    'an account that may not is below zero');
  -- The fund for guarantees holds at least what it has advanced.
  PERFORM books_demand(
    NOT EXISTS (SELECT 1 FROM posting WHERE entry = NEW.seq AND account IN ('139300', '415100'))
      OR (SELECT sum(cents) FROM balance WHERE account IN ('139300', '415100')) <= 0,
    'more guarantees advanced than their fund holds');
  RETURN NEW;
END $$
----
CREATE FUNCTION books_entry_ends_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM books_demand((SELECT sealed FROM journal_entry WHERE seq = NEW.seq), 'an entry is sealed before the commit');
  RETURN NULL;
END $$
----
CREATE FUNCTION books_posting_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE day date;
BEGIN
  SELECT date INTO day FROM journal_entry WHERE seq = NEW.entry AND NOT sealed;
  PERFORM books_demand(day IS NOT NULL, 'only an entry that is there and not sealed takes postings');
  PERFORM books_demand(NEW.cents <> 0, 'a leg is whole cents and not 0');
  PERFORM books_demand(
    EXISTS (SELECT 1 FROM account WHERE code = NEW.account
      AND coalesce(opened_on, day) <= day AND coalesce(closed_on, day) >= day),
    'no open account has this code');
  RETURN NEW;
END $$
----
-- Balances move only inside the sealing of an entry, that is within another trigger.
CREATE FUNCTION books_balance_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM books_demand(pg_trigger_depth() > 1, 'only the sealing of an entry touches a balance');
  RETURN NEW;
END $$
----
CREATE TRIGGER entry_begins BEFORE INSERT ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION books_entry_begins()
----
CREATE TRIGGER entry_is_sealed BEFORE UPDATE ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION books_entry_is_sealed()
----
CREATE TRIGGER entry_stays BEFORE DELETE ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION books_refuse('an entry never goes away')
----
CREATE CONSTRAINT TRIGGER entry_ends_sealed AFTER INSERT ON journal_entry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION books_entry_ends_sealed()
----
CREATE TRIGGER posting_begins BEFORE INSERT ON posting
  FOR EACH ROW EXECUTE FUNCTION books_posting_begins()
----
CREATE TRIGGER posting_is_fixed BEFORE UPDATE ON posting
  FOR EACH ROW EXECUTE FUNCTION books_refuse('a posting never changes')
----
CREATE TRIGGER posting_stays BEFORE DELETE ON posting
  FOR EACH ROW EXECUTE FUNCTION books_refuse('a posting never goes away')
----
CREATE TRIGGER balance_moves BEFORE INSERT OR UPDATE ON balance
  FOR EACH ROW EXECUTE FUNCTION books_balance_moves()
----
CREATE TRIGGER balance_stays BEFORE DELETE ON balance
  FOR EACH ROW EXECUTE FUNCTION books_refuse('a balance never goes away')
----
CREATE TRIGGER entry_is_not_emptied BEFORE TRUNCATE ON journal_entry
  FOR EACH STATEMENT EXECUTE FUNCTION books_refuse('the journal is never emptied')
----
CREATE TRIGGER posting_is_not_emptied BEFORE TRUNCATE ON posting
  FOR EACH STATEMENT EXECUTE FUNCTION books_refuse('the postings are never emptied')
----
CREATE TRIGGER balance_is_not_emptied BEFORE TRUNCATE ON balance
  FOR EACH STATEMENT EXECUTE FUNCTION books_refuse('the balances are never emptied')
