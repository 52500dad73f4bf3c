-- The first half of a change that leaves room for both versions. The whole name stays what counts; the second half
-- fills the parts of all rows and takes the whole name away, when nobody writes it any more.
alter table users.account add column given_name text;
alter table users.account add column family_name text;
