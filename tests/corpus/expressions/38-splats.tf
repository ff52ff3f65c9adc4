locals {
  people = [{ n = "a", tags = ["x", "y"], addr = { city = "P" } }, { n = "b", tags = [], addr = { city = "Q" } }]
  nul    = null
  obj    = { n = "solo", l = [1, 2] }
  mp     = tomap({ a = { v = 1 }, b = { v = 2 } })
  st     = toset([{ v = 1 }, { v = 2 }])
  nested = [[{ v = 1 }], [{ v = 2 }, { v = 3 }]]
}
resource "terraform_data" "many" {
  count = 2
  input = { i = count.index }
}
resource "terraform_data" "fe" {
  for_each = toset(["a", "b"])
  input    = each.key
}
resource "terraform_data" "zero" {
  count = 0
}

output "c38001" {
  value = local.people[*].n
}

output "c38002" {
  value = local.people[*].tags
}

output "c38003" {
  value = local.people[*].addr.city
}

output "c38004" {
  value = local.people[*]["n"]
}

output "c38005" {
  value = local.people.*.n
}

output "c38006" {
  value = local.people.*.tags
}

output "c38007" {
  value = local.people.*.addr.city
}

output "c38008" {
  value = local.people[0].tags[*]
}

output "c38009" {
  value = local.nul[*]
}

output "c38010" {
  value = local.nul[*].x
}

output "c38011" {
  value = local.obj[*]
}

output "c38012" {
  value = local.obj[*].n
}

output "c38013" {
  value = local.obj[*].l
}

output "c38014" {
  value = local.obj[*].l[1]
}

output "c38015" {
  value = local.mp[*]
}

output "c38016" {
  value = local.mp[*].a
}

output "c38017" {
  value = values(local.mp)[*].v
}

output "c38018" {
  value = local.st[*].v
}

output "c38019" {
  value = local.st[*]
}

output "c38020" {
  value = local.nested[*]
}

output "c38021" {
  value = local.nested[*][0]
}

output "c38022" {
  value = local.nested[*][0].v
}

output "c38023" {
  value = local.nested[*][*].v
}

output "c38024" {
  value = flatten(local.nested)[*].v
}

output "c38025" {
  value = [][*]
}

output "c38026" {
  value = [][*].x
}

output "c38027" {
  value = tolist([])[*]
}

output "c38028" {
  value = toset([])[*]
}

output "c38029" {
  value = ""[*]
}

output "c38030" {
  value = "x"[*]
}

output "c38031" {
  value = 1[*]
}

output "c38032" {
  value = true[*]
}

output "c38033" {
  value = null[*]
}

output "c38034" {
  value = [null][*]
}

output "c38035" {
  value = [1, null][*]
}

output "c38036" {
  value = [for p in local.people : p.tags[*]]
}

output "c38037" {
  value = length(local.people[*])
}

output "c38038" {
  value = join(",", local.people[*].n)
}

output "c38039" {
  value = local.people.*.n[0]
}

output "c38040" {
  value = (local.people[*].n)[0]
}

output "c38041" {
  value = [{ a = 1 }, { a = "x" }][*].a
}

output "c38042" {
  value = local.obj.*.n
}

output "c38043" {
  value = "x".*
}

output "c38044" {
  value = null.*
}

output "c38045" {
  value = [1, 2].*
}

output "c38046" {
  value = tomap({ a = 1 }).*
}

output "c38047" {
  value = terraform_data.many[*].output.i
}

output "c38048" {
  value = terraform_data.many.*.output
}

output "c38049" {
  value = length(terraform_data.many)
}

output "c38050" {
  value = terraform_data.zero
}

output "c38051" {
  value = length(terraform_data.fe[*])
}

output "c38052" {
  value = values(terraform_data.fe)[*].output
}

output "c38053" {
  sensitive = true
  value = sensitive([{ a = 1 }])[*].a
}

output "c38054" {
  sensitive = true
  value = sensitive(null)[*]
}

output "c38055" {
  sensitive = true
  value = [sensitive(1), 2][*]
}

output "c38056" {
  value = { for k, v in terraform_data.fe : k => v.output }
}

output "c38057" {
  value = terraform_data.many[0].output.*
}
