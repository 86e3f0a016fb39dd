"""Who is told what, in which words, by which mail: subscriptions, digests, the outbox."""
