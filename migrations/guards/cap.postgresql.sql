-- Guard of the cap, for PostgreSQL. Statements are parted by a line of four dashes.
--
-- Whatever adds main portions to a week, or takes from its cap, is undone where more is ordered than the cap. What
-- only takes away is never looked at. The week's row is locked before its portions are summed, so that of two writers
-- without the shop's own lock the second sees what the first sold.

CREATE VIEW week_mains AS
  SELECT week.id AS week_id, week.cap AS cap, (
    SELECT coalesce(sum(order_line.quantity), 0)
    FROM customer_order
    JOIN order_line ON order_line.number = customer_order.number
    JOIN menu_line ON menu_line.id = order_line.line_id
    JOIN dish ON dish.id = menu_line.dish_id
    WHERE customer_order.week_id = week.id
      AND customer_order.state IN ('placed', 'packed', 'picked_up', 'delivered')
      AND dish.kind = 'main'
  ) AS mains
  FROM week
----
CREATE FUNCTION cap_check(weeks integer[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- NO KEY: a plain FOR UPDATE would wait for the foreign keys of every order being written, and they for it.
  PERFORM 1 FROM week WHERE id = ANY (weeks) ORDER BY id FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM week_mains WHERE week_id = ANY (weeks) AND mains > cap) THEN
    RAISE EXCEPTION 'cap: more mains than the week has' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
END $$
----
CREATE FUNCTION cap_of_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM menu_line JOIN dish ON dish.id = dish_id WHERE menu_line.id = NEW.line_id AND kind = 'main')
  THEN
    PERFORM cap_check(ARRAY (SELECT week_id FROM customer_order WHERE number = NEW.number));
  END IF;
  RETURN NULL;
END $$
----
CREATE FUNCTION cap_of_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM cap_check(ARRAY[NEW.week_id]);
  RETURN NULL;
END $$
----
CREATE FUNCTION cap_of_week() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM cap_check(ARRAY[NEW.id]);
  RETURN NULL;
END $$
----
CREATE FUNCTION cap_of_menu_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM cap_check(ARRAY (
    SELECT DISTINCT week_id FROM customer_order JOIN order_line USING (number) WHERE line_id = NEW.id));
  RETURN NULL;
END $$
----
CREATE FUNCTION cap_of_dish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM cap_check(ARRAY (SELECT week_id FROM menu_line WHERE dish_id = NEW.id));
  RETURN NULL;
END $$
----
CREATE TRIGGER cap_line_added AFTER INSERT ON order_line
  FOR EACH ROW EXECUTE FUNCTION cap_of_line()
----
CREATE TRIGGER cap_line_grown AFTER UPDATE ON order_line FOR EACH ROW
  WHEN (NEW.quantity > OLD.quantity OR NEW.line_id <> OLD.line_id OR NEW.number <> OLD.number)
  EXECUTE FUNCTION cap_of_line()
----
CREATE TRIGGER cap_order_revived AFTER UPDATE OF state, week_id ON customer_order FOR EACH ROW
  WHEN (NEW.state IN ('placed', 'packed', 'picked_up', 'delivered')
    AND (OLD.state NOT IN ('placed', 'packed', 'picked_up', 'delivered') OR NEW.week_id <> OLD.week_id))
  EXECUTE FUNCTION cap_of_order()
----
CREATE TRIGGER cap_lowered AFTER UPDATE OF cap ON week FOR EACH ROW
  WHEN (NEW.cap < OLD.cap) EXECUTE FUNCTION cap_of_week()
----
CREATE TRIGGER cap_menu_line_changed AFTER UPDATE OF dish_id ON menu_line FOR EACH ROW
  WHEN (NEW.dish_id <> OLD.dish_id) EXECUTE FUNCTION cap_of_menu_line()
----
CREATE TRIGGER cap_dish_changed AFTER UPDATE OF kind ON dish FOR EACH ROW
  WHEN (NEW.kind = 'main' AND OLD.kind <> 'main') EXECUTE FUNCTION cap_of_dish()
