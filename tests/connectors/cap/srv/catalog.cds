namespace shop;

@description: 'A part that the shop sells'
entity Parts {
  key part_key : Integer;
  @description: 'What it is called in the shop'
  name         : String(40) not null;
  retail_price : Decimal(12, 2);
  precise      : Decimal;
  big          : Int64;
  weight       : Double;
  sold_on      : Date;
  changed_at   : Timestamp @odata.etag;
  at           : Time;
  id           : UUID;
  active       : Boolean;
  city         : String @title: 'Where it lies';
  lines        : Composition of many Lines on lines.part = $self;
}

entity Lines {
  key part : Association to Parts;
  key pos  : Integer;
  quantity : Decimal(9, 3);
}

@path: '/odata/v4/catalog'
@requires: 'authenticated-user'
service Catalog {
  @readonly @cds.query.limit: 100
  entity Parts as projection on shop.Parts;
  @readonly
  entity Lines as projection on shop.Lines;
}
