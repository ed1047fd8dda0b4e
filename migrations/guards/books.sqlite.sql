-- Guards of the books, for SQLite. Statements are parted by a line of four dashes.
--
-- REPLACE removes the row in its way without firing its DELETE trigger, unless recursive_triggers is on. So a row
-- that would collide with another is refused before it goes in, and tables without a hidden row number leave no
-- other way to collide.

CREATE TRIGGER entry_begins BEFORE INSERT ON journal_entry BEGIN
  SELECT RAISE(ABORT, 'books: an entry begins unsealed') WHERE NEW.sealed IS NOT 0;
  SELECT RAISE(ABORT, 'books: the entry before is not sealed')
    WHERE EXISTS (SELECT 1 FROM journal_entry WHERE seq = NEW.seq - 1 AND sealed IS NOT 1);
  SELECT RAISE(ABORT, 'books: numbers follow each other without a gap')
    WHERE NEW.seq IS NOT coalesce((SELECT max(seq) FROM journal_entry), 0) + 1;
  SELECT RAISE(ABORT, 'books: the chain of hashes is broken')
    WHERE NEW.prev_hash IS NOT coalesce(
      (SELECT hash FROM journal_entry WHERE seq = NEW.seq - 1), printf('%064d', 0));
  SELECT RAISE(ABORT, 'books: this key is taken')
    WHERE EXISTS (SELECT 1 FROM journal_entry WHERE idempotency_key = NEW.idempotency_key);
  SELECT RAISE(ABORT, 'books: an entry is reversed once')
    WHERE EXISTS (SELECT 1 FROM journal_entry WHERE reverses = NEW.reverses);
  SELECT RAISE(ABORT, 'books: only an entry that is there and reverses nothing is reversed')
    WHERE NEW.reverses IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM journal_entry WHERE seq = NEW.reverses AND reverses IS NULL);
  SELECT RAISE(ABORT, 'books: the day is locked')
    WHERE EXISTS (SELECT 1 FROM period WHERE NEW.date BETWEEN starts_on AND ends_on);
END
----
-- The one change an entry ever sees is being sealed. Its postings are proved and go into the balances.
CREATE TRIGGER entry_is_sealed BEFORE UPDATE ON journal_entry BEGIN
  SELECT RAISE(ABORT, 'books: a sealed entry never changes') WHERE OLD.sealed IS NOT 0;
  SELECT RAISE(ABORT, 'books: an entry is only ever sealed')
    WHERE NEW.sealed IS NOT 1 OR NEW.seq IS NOT OLD.seq OR NEW.idempotency_key IS NOT OLD.idempotency_key
      OR NEW.fingerprint IS NOT OLD.fingerprint OR NEW.date IS NOT OLD.date OR NEW.recorded_on IS NOT OLD.recorded_on
      OR NEW.kind IS NOT OLD.kind OR NEW.document IS NOT OLD.document OR NEW.label IS NOT OLD.label
      OR NEW.role IS NOT OLD.role OR NEW.reverses IS NOT OLD.reverses OR NEW.prev_hash IS NOT OLD.prev_hash
      OR NEW.hash IS NOT OLD.hash OR NEW.hash_version IS NOT OLD.hash_version;
  SELECT RAISE(ABORT, 'books: an entry has two legs or more')
    WHERE (SELECT count(*) FROM posting WHERE entry = OLD.seq) < 2;
  SELECT RAISE(ABORT, 'books: an entry balances within each activity')
    WHERE EXISTS (SELECT 1 FROM posting WHERE entry = OLD.seq GROUP BY activity HAVING sum(cents) <> 0);

  INSERT INTO balance (account, activity, subject, cents)
    SELECT DISTINCT account, activity, coalesce(subject, ''), 0 FROM posting AS leg
    WHERE entry = OLD.seq AND NOT EXISTS (
      SELECT 1 FROM balance WHERE balance.account = leg.account AND balance.activity = leg.activity
        AND balance.subject = coalesce(leg.subject, ''));
  UPDATE balance SET cents = balance.cents + moved.cents
    FROM (SELECT account, activity, coalesce(subject, '') AS subject, sum(cents) AS cents
          FROM posting WHERE entry = OLD.seq GROUP BY 1, 2, 3) AS moved
    WHERE balance.account = moved.account AND balance.activity = moved.activity
      AND balance.subject = moved.subject;

  SELECT RAISE(ABORT, 'books: an account that may not is below zero')
    FROM posting AS leg
    JOIN account ON account.code = leg.account AND account.never_negative
    JOIN balance ON balance.account = leg.account AND balance.activity = leg.activity
      AND balance.subject = coalesce(leg.subject, '')
    WHERE leg.entry = OLD.seq
      AND CASE WHEN account.type IN ('asset', 'expense') THEN balance.cents ELSE -balance.cents END < 0;
  -- The fund for guarantees holds at least what it has advanced.
  SELECT RAISE(ABORT, 'books: more guarantees advanced than their fund holds')
    WHERE EXISTS (SELECT 1 FROM posting WHERE entry = OLD.seq AND account IN ('139300', '415100'))
      AND (SELECT sum(cents) FROM balance WHERE account IN ('139300', '415100')) > 0;
END
----
CREATE TRIGGER entry_stays BEFORE DELETE ON journal_entry BEGIN
  SELECT RAISE(ABORT, 'books: an entry never goes away');
END
----
CREATE TRIGGER posting_begins BEFORE INSERT ON posting BEGIN
  SELECT RAISE(ABORT, 'books: only an entry that is there and not sealed takes postings')
    WHERE NOT EXISTS (SELECT 1 FROM journal_entry WHERE seq = NEW.entry AND sealed IS 0);
  SELECT RAISE(ABORT, 'books: this line is taken')
    WHERE EXISTS (SELECT 1 FROM posting WHERE entry = NEW.entry AND line = NEW.line);
  SELECT RAISE(ABORT, 'books: a leg is whole cents and not 0')
    WHERE typeof(NEW.cents) IS NOT 'integer' OR NEW.cents IS 0;
  SELECT RAISE(ABORT, 'books: no open account has this code')
    WHERE NOT EXISTS (
      SELECT 1 FROM account JOIN journal_entry ON journal_entry.seq = NEW.entry
      WHERE code = NEW.account AND coalesce(opened_on, date) <= date AND coalesce(closed_on, date) >= date);
END
----
CREATE TRIGGER posting_is_fixed BEFORE UPDATE ON posting BEGIN
  SELECT RAISE(ABORT, 'books: a posting never changes');
END
----
CREATE TRIGGER posting_stays BEFORE DELETE ON posting BEGIN
  SELECT RAISE(ABORT, 'books: a posting never goes away');
END
----
-- Balances move only while an entry is being sealed, when the newest one is not sealed yet.
CREATE TRIGGER balance_begins BEFORE INSERT ON balance BEGIN
  SELECT RAISE(ABORT, 'books: only the sealing of an entry touches a balance')
    WHERE NEW.cents IS NOT 0 OR coalesce(
      (SELECT sealed FROM journal_entry ORDER BY seq DESC LIMIT 1), 1) IS NOT 0;
  SELECT RAISE(ABORT, 'books: this balance is there')
    WHERE EXISTS (SELECT 1 FROM balance
      WHERE account = NEW.account AND activity = NEW.activity AND subject = NEW.subject);
END
----
CREATE TRIGGER balance_moves BEFORE UPDATE ON balance BEGIN
  SELECT RAISE(ABORT, 'books: only the sealing of an entry touches a balance')
    WHERE NEW.account IS NOT OLD.account OR NEW.activity IS NOT OLD.activity OR NEW.subject IS NOT OLD.subject
      OR coalesce((SELECT sealed FROM journal_entry ORDER BY seq DESC LIMIT 1), 1) IS NOT 0;
END
----
CREATE TRIGGER balance_stays BEFORE DELETE ON balance BEGIN
  SELECT RAISE(ABORT, 'books: a balance never goes away');
END
