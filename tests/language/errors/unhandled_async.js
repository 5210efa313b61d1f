async function go() {
  await null;
  undefinedName;
}
go();
