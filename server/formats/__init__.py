"""Pure translations between bytes and triples; nothing here opens a store."""
