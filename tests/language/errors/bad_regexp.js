const r = /a(/;
