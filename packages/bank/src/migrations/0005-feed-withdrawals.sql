-- How many withdrawals there are behind a sequence number, and which are the latest: asked by what carries the feed to
-- gates elsewhere (docs/feed.md), which keeps only the latest.
create index feed_withdrawals on feed (sequence) where operation = 'withdraw';
