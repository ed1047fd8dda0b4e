-- Guard of the cap, for SQLite. Statements are parted by a line of four dashes.
--
-- Whatever adds main portions to a week, or takes from its cap, is undone where more is ordered than the cap. What
-- only takes away is never looked at. Inserts are looked at on every table, because REPLACE is one.

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
CREATE TRIGGER cap_line_added AFTER INSERT ON order_line
WHEN 'main' = (SELECT kind FROM dish JOIN menu_line ON menu_line.dish_id = dish.id WHERE menu_line.id = NEW.line_id)
BEGIN
  SELECT RAISE(ABORT, 'cap: more mains than the week has') FROM week_mains
    WHERE week_id = (SELECT week_id FROM customer_order WHERE number = NEW.number) AND mains > cap;
END
----
CREATE TRIGGER cap_line_grown AFTER UPDATE ON order_line
WHEN NEW.quantity > OLD.quantity OR NEW.line_id <> OLD.line_id OR NEW.number <> OLD.number
BEGIN
  SELECT RAISE(ABORT, 'cap: more mains than the week has') FROM week_mains
    WHERE week_id = (SELECT week_id FROM customer_order WHERE number = NEW.number) AND mains > cap;
END
----
CREATE TRIGGER cap_order_replaced AFTER INSERT ON customer_order
WHEN EXISTS (SELECT 1 FROM order_line WHERE number = NEW.number)
BEGIN
  SELECT RAISE(ABORT, 'cap: more mains than the week has') FROM week_mains
    WHERE week_id = NEW.week_id AND mains > cap;
END
----
CREATE TRIGGER cap_order_revived AFTER UPDATE OF state, week_id ON customer_order
WHEN NEW.state IN ('placed', 'packed', 'picked_up', 'delivered')
  AND (OLD.state NOT IN ('placed', 'packed', 'picked_up', 'delivered') OR NEW.week_id <> OLD.week_id)
BEGIN
  SELECT RAISE(ABORT, 'cap: more mains than the week has') FROM week_mains
    WHERE week_id = NEW.week_id AND mains > cap;
END
----
CREATE TRIGGER cap_week_replaced AFTER INSERT ON week BEGIN
  SELECT RAISE(ABORT, 'cap: more mains than the week has') FROM week_mains
    WHERE week_id = NEW.id AND mains > cap;
END
----
CREATE TRIGGER cap_lowered AFTER UPDATE OF cap ON week WHEN NEW.cap < OLD.cap BEGIN
  SELECT RAISE(ABORT, 'cap: more mains than the week has') FROM week_mains
    WHERE week_id = NEW.id AND mains > cap;
END
----
CREATE TRIGGER cap_menu_line_replaced AFTER INSERT ON menu_line
WHEN EXISTS (SELECT 1 FROM order_line WHERE line_id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'cap: more mains than the week has') FROM week_mains
    WHERE mains > cap AND week_id IN (
      SELECT week_id FROM customer_order JOIN order_line USING (number) WHERE line_id = NEW.id);
END
----
CREATE TRIGGER cap_menu_line_changed AFTER UPDATE OF dish_id ON menu_line WHEN NEW.dish_id <> OLD.dish_id BEGIN
  SELECT RAISE(ABORT, 'cap: more mains than the week has') FROM week_mains
    WHERE mains > cap AND week_id IN (
      SELECT week_id FROM customer_order JOIN order_line USING (number) WHERE line_id = NEW.id);
END
----
CREATE TRIGGER cap_dish_replaced AFTER INSERT ON dish
WHEN NEW.kind = 'main' AND EXISTS (SELECT 1 FROM menu_line WHERE dish_id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'cap: more mains than the week has') FROM week_mains
    WHERE mains > cap AND week_id IN (SELECT week_id FROM menu_line WHERE dish_id = NEW.id);
END
----
CREATE TRIGGER cap_dish_changed AFTER UPDATE OF kind ON dish WHEN NEW.kind = 'main' AND OLD.kind <> 'main' BEGIN
  SELECT RAISE(ABORT, 'cap: more mains than the week has') FROM week_mains
    WHERE mains > cap AND week_id IN (SELECT week_id FROM menu_line WHERE dish_id = NEW.id);
END
