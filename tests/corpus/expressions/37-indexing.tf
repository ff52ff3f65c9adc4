locals {
  l  = ["a", "b", "c"]
  m  = { k = "v", "odd key" = 1, "0" = "zero", n = { x = [10, 20] } }
  tl = tolist([1, 2, 3])
  tm = tomap({ a = 1, b = 2 })
  s  = toset(["x"])
}

output "c37001" {
  value = local.l[0]
}

output "c37002" {
  value = local.l[2]
}

output "c37003" {
  value = local.l["1"]
}

output "c37004" {
  value = local.l.1
}

output "c37005" {
  value = local.m.k
}

output "c37006" {
  value = local.m["k"]
}

output "c37007" {
  value = local.m["odd key"]
}

output "c37008" {
  value = local.m.0
}

output "c37009" {
  value = local.m["0"]
}

output "c37010" {
  value = local.m[0]
}

output "c37011" {
  value = local.m.n.x[1]
}

output "c37012" {
  value = local.m.n.x.1
}

output "c37013" {
  value = local.m["n"]["x"][0]
}

output "c37014" {
  value = local.tl[0]
}

output "c37015" {
  value = local.tl["2"]
}

output "c37016" {
  value = local.tm.a
}

output "c37017" {
  value = local.tm["b"]
}

output "c37018" {
  value = [1, 2, 3][1]
}

output "c37019" {
  value = { a = 1 }.a
}

output "c37020" {
  value = { a = 1 }["a"]
}

output "c37021" {
  value = [[1, 2], [3, 4]][1][0]
}

output "c37022" {
  value = [{ a = 1 }][0].a
}

output "c37023" {
  value = (local.l)[1]
}

output "c37024" {
  value = local.l[length(local.l) - 1]
}

output "c37025" {
  value = local.m["${"k"}"]
}

output "c37026" {
  value = local.m[lower("K")]
}

output "c37027" {
  value = split(",", "a,b")[1]
}

output "c37028" {
  value = keys(local.m)[0]
}

output "c37029" {
  value = { "a b" = 1 }["a b"]
}

output "c37030" {
  value = { (local.l[0]) = 1 }.a
}

output "c37031" {
  value = local.l[local.tl[0]]
}

output "c37032" {
  value = local.l[1e0]
}

output "c37033" {
  value = local.l["01"]
}

output "c37034" {
  value = local.m.n["x"].0
}

output "c37035" {
  sensitive = true
  value = local.l[sensitive(0)]
}

output "c37036" {
  sensitive = true
  value = local.m[sensitive("k")]
}

output "c37037" {
  value = jsondecode("[1,[2,3]]")[1][1]
}

output "c37038" {
  value = jsondecode("{\"a\":{\"b\":true}}").a.b
}

output "c37039" {
  value = yamldecode("- 1\n- 2")[1]
}

output "c37040" {
  value = one(local.s)
}

output "c37041" {
  value = local.m ["k"]
}
