insert into inventory.product (sku, name, price, stock) values
  ('FIG-1', 'Fig, 1 litre pot', 12.50, 100000),
  ('BANYAN-2', 'Banyan, 2 litre pot', 29.00, 100000),
  ('SPADE-1', 'Spade', 19.90, 100000)
on conflict do nothing;
