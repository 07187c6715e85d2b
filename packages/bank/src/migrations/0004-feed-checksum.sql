-- Whether a gate holds exactly what the bank has in force: a checksum, kept with the head of the feed, and by which bank
-- it is. What goes into it and what it detects: docs/feed.md.

-- One row: tells this bank's feed from every other's. A copy of the database is the same bank.
create table bank_identity (
  only_row boolean primary key default true check (only_row),
  id uuid not null default gen_random_uuid()
);
insert into bank_identity default values;

-- What an item in force adds to the checksum: 128 bits of SHA-256 over its id and its signals, in the order of their
-- lines. The gate computes the same (packages/bank/src/feed-checksum.ts).
create view item_checksums as
select
  item_id as id,
  ('x' || substr(encode(sha256(convert_to(
    'recourse item v1:' || item_id::text || E'\n' || string_agg(line, E'\n' order by line collate "C"), 'UTF8'
  )), 'hex'), 1, 32))::bit(128) as checksum
from (
  select item_id, concat_ws(':', type, encode(value, 'hex'), coalesce(quality::text, ''), coalesce(kind, ''),
    coalesce(version::text, ''), timestamp_ms::text) as line
  from signals
) as lines
group by item_id;

-- Null once an item is withdrawn: nothing stays that a picture could be compared with.
alter table items add column checksum bit(128);
update items set checksum = item_checksums.checksum from item_checksums
where item_checksums.id = items.id and items.withdrawn_at is null;

-- All of them together, by exclusive or: the order does not matter, and what is withdrawn goes out as it came in.
alter table feed_head add column checksum bit(128) not null default 0::bit(128);
update feed_head set checksum = coalesce((select bit_xor(checksum) from items), 0::bit(128));
