resource "terraform_data" "plain" {
}
resource "terraform_data" "in" {
  input = { a = [1, "x"], n = null, m = { k = true } }
}
resource "terraform_data" "trig" {
  triggers_replace = ["a", 1]
  input            = "i"
}
resource "terraform_data" "c" {
  count = 3
  input = "c${count.index}"
}
resource "terraform_data" "e" {
  for_each = { one = 1, two = 2 }
  input    = "${each.key}:${each.value}"
}
resource "terraform_data" "s" {
  for_each = toset(["x", "y"])
  input    = each.value
}
resource "terraform_data" "dep" {
  input      = terraform_data.in.output.m
  depends_on = [terraform_data.plain]
}
resource "terraform_data" "opt" {
  count = 0
}
resource "terraform_data" "sen" {
  input = sensitive({ p = "w" })
}
locals {
  unk = terraform_data.in.output
  id  = terraform_data.plain.id
}

output "c45001" {
  value = terraform_data.plain.input
}

output "c45002" {
  value = terraform_data.plain.output
}

output "c45003" {
  value = terraform_data.plain.triggers_replace
}

output "c45004" {
  value = terraform_data.in.input
}

output "c45005" {
  value = terraform_data.in.output
}

output "c45006" {
  value = terraform_data.in.output.a[0]
}

output "c45007" {
  value = terraform_data.in.output.n
}

output "c45008" {
  value = terraform_data.in.output.m.k
}

output "c45009" {
  value = terraform_data.trig.triggers_replace
}

output "c45010" {
  value = terraform_data.trig.triggers_replace[1]
}

output "c45011" {
  value = terraform_data.c[0].output
}

output "c45012" {
  value = terraform_data.c[*].output
}

output "c45013" {
  value = terraform_data.c.*.input
}

output "c45014" {
  value = length(terraform_data.c)
}

output "c45015" {
  value = terraform_data.e["one"].output
}

output "c45016" {
  value = keys(terraform_data.e)
}

output "c45017" {
  value = { for k, v in terraform_data.e : k => v.output }
}

output "c45018" {
  value = [for v in terraform_data.e : v.input]
}

output "c45019" {
  value = values(terraform_data.e)[*].output
}

output "c45020" {
  value = [for k, v in terraform_data.s : "${k}-${v.output}"]
}

output "c45021" {
  value = terraform_data.dep.output
}

output "c45022" {
  value = terraform_data.opt
}

output "c45023" {
  value = length(terraform_data.opt)
}

output "c45024" {
  value = one(terraform_data.opt[*].output)
}

output "c45025" {
  sensitive = true
  value = terraform_data.sen.output
}

output "c45026" {
  sensitive = true
  value = terraform_data.sen.output.p
}

output "c45027" {
  value = issensitive(terraform_data.sen.output)
}

output "c45028" {
  value = local.unk.a[1]
}

output "c45029" {
  value = length(local.unk.a)
}

output "c45030" {
  value = length(local.unk)
}

output "c45031" {
  value = keys(local.unk)
}

output "c45032" {
  value = upper(local.unk.a[1])
}

output "c45033" {
  value = "${local.unk.a[1]}-x"
}

output "c45034" {
  value = [for x in local.unk.a : x]
}

output "c45035" {
  value = { for k, v in local.unk : k => v }
}

output "c45036" {
  value = local.unk.m.k ? "y" : "n"
}

output "c45037" {
  value = try(local.unk.zz, "d")
}

output "c45038" {
  value = can(local.unk.a)
}

output "c45039" {
  value = jsonencode(local.unk)
}

output "c45040" {
  value = merge(local.unk, { z = 1 })
}

output "c45041" {
  value = concat(local.unk.a, [2])
}

output "c45042" {
  value = contains(local.unk.a, "x")
}

output "c45043" {
  value = coalesce(local.unk.a[1], "q")
}

output "c45044" {
  value = format("%s!", local.unk.a[1])
}

output "c45045" {
  value = toset(local.unk.a)
}

output "c45046" {
  value = tomap(local.unk.m)
}

output "c45047" {
  value = local.unk == null
}

output "c45048" {
  value = flatten([local.unk.a, []])
}

output "c45049" {
  value = max(length(local.unk.a), 1)
}

output "c45050" {
  value = element(local.unk.a, 3)
}

output "c45051" {
  value = lookup(local.unk.m, "k", false)
}

output "c45052" {
  value = lookup(local.unk, "zz", "none")
}

output "c45053" {
  value = slice(local.unk.a, 0, 1)
}

output "c45054" {
  value = distinct(local.unk.a)
}

output "c45055" {
  value = join("+", local.unk.a)
}

output "c45056" {
  value = terraform_data.c[length(terraform_data.c) - 1].output
}

output "c45057" {
  value = terraform_data.c[terraform_data.in.output.a[0]].output
}

output "c45058" {
  value = terraform_data.in.output[*]
}

output "c45059" {
  value = terraform_data.e[keys(terraform_data.e)[0]].output
}

output "c45060" {
  value = { for i, r in terraform_data.c : r.output => i }
}

output "c45061" {
  value = sort(terraform_data.c[*].output)
}

output "c45062" {
  value = zipmap(keys(terraform_data.e), values(terraform_data.e)[*].output)
}

output "c45063" {
  value = tolist(terraform_data.c)[1].output
}

output "c45064" {
  value = terraform_data.c[1].input == "c1"
}

output "c45065" {
  value = startswith(terraform_data.c[1].output, "c")
}

output "c45066" {
  value = substr(terraform_data.c[1].output, 1, 1)
}

output "c45067" {
  value = tonumber(substr(terraform_data.c[1].output, 1, 1)) + 1
}
