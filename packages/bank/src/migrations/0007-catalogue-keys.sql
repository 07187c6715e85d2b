-- What a platform calls its content is found by 16 bytes of a digest, by way of a hash index: a tree of the ids
-- themselves, which are long and come in no order, was most of what registering cost. The id stands beside the key and is
-- compared whenever the key is found. That no key stands twice is not held by an index but by the row of `catalogues`,
-- which whoever writes here holds.

create table catalogue_contents_keyed (
  number bigint not null,
  partner_id integer not null,
  -- The first 128 bits of SHA-256 over the partner's number, a colon and the id. That any two of ten billion ids share a
  -- key has a chance below one in 10^18.
  content_key uuid not null,
  -- 128 bits of SHA-256 over the signals as sent: tells a repeated line from a conflicting one.
  signals_digest uuid not null,
  content_id text collate "C" not null check (octet_length(content_id) between 1 and 256)
);
insert into catalogue_contents_keyed (number, partner_id, content_key, signals_digest, content_id)
select number, partner_id,
  encode(substr(sha256(convert_to(partner_id || ':' || content_id, 'UTF8')), 1, 16), 'hex')::uuid,
  signals_digest, content_id
from catalogue_contents order by partner_id, number;
drop table catalogue_contents;
alter table catalogue_contents_keyed rename to catalogue_contents;
alter table catalogue_contents add primary key (partner_id, number);
create index catalogue_contents_by_key on catalogue_contents using hash (content_key);
