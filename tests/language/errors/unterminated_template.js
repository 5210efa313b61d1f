const t = `abc ${1}
