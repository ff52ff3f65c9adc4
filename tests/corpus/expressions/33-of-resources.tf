resource "terraform_data" "u" {
  input = "known"
}
resource "terraform_data" "three" {
  count = 3
  input = "i${count.index}"
}
resource "terraform_data" "each" {
  for_each = { a = 1, b = "two" }
  input    = each.value
}
locals {
  u    = terraform_data.u.id
  ui   = terraform_data.u.output
  s    = sensitive("secret")
  sl   = ["a", sensitive("b")]
  so   = { a = 1, b = sensitive("x") }
  ul   = ["a", local.u]
  uo   = { a = 1, b = local.u }
  un   = length(local.u) + 1
  ub   = local.u == "x"
  list = tolist(["x", "y", "z"])
  map  = tomap({ a = "1", b = "2" })
  set  = toset(["p", "q"])
  obj  = { name = "n", nested = { deep = [1, 2, { k = "v" }] } }
  ulist = split("-", local.u)
  uset = toset(split("-", local.u))
  big  = 12345678901234567890
  nosuchexceptthis = 1
}
variable "typed" {
  type = object({ a = string, b = optional(number, 5), c = optional(list(string)) })
  default = { a = 7 }
}
variable "any" {
  default = { k = ["v"] }
}
variable "nul" {
  type    = string
  default = null
}
variable "sens" {
  type      = string
  default   = "hush"
  sensitive = true
}
variable "eph" {
  type      = string
  default   = "gone"
  ephemeral = true
}

output "c33001" {
  value = local.u == null
}

output "c33002" {
  value = local.u != ""
}

output "c33003" {
  value = local.un > 10
}

output "c33004" {
  value = "pre-${local.u}" != ""
}

output "c33005" {
  value = length("x${local.u}") > 0
}

output "c33006" {
  value = local.ub ? "a" : "b"
}

output "c33007" {
  value = local.ub ? [1] : [2]
}

output "c33008" {
  value = local.ub ? 1 : 1
}

output "c33009" {
  value = local.ub && false
}

output "c33010" {
  value = [for x in local.ul : x == null]
}

output "c33011" {
  value = length(local.ulist)
}

output "c33012" {
  value = length(local.ul)
}

output "c33013" {
  value = keys(local.uo)
}

output "c33014" {
  value = upper(local.ui)
}

output "c33015" {
  value = terraform_data.three[*].output
}

output "c33016" {
  value = terraform_data.three[1].output
}

output "c33017" {
  value = [for t in terraform_data.three : t.input]
}

output "c33018" {
  value = { for k, v in terraform_data.each : k => v.output }
}

output "c33019" {
  value = terraform_data.each["b"].output
}

output "c33020" {
  value = keys(terraform_data.each)
}

output "c33021" {
  value = values(terraform_data.each)[*].output
}

output "c33022" {
  value = length(terraform_data.three)
}

output "c33023" {
  value = terraform_data.u.output
}

output "c33024" {
  value = terraform_data.u.triggers_replace
}

output "c33025" {
  value = terraform_data.u[*].output
}

output "c33026" {
  value = try(terraform_data.three[7].output, "none")
}

output "c33027" {
  value = can(terraform_data.each["zz"])
}

output "c33028" {
  value = lookup({ a = local.u }, "b", "c")
}

output "c33029" {
  value = merge(local.uo, { b = 1 })
}

output "c33030" {
  value = jsonencode({ k = local.ui })
}

output "c33031" {
  value = startswith("abc${local.u}", "ab")
}

output "c33032" {
  value = local.list[length(terraform_data.three) - 1]
}

output "c33033" {
  value = format("%s-%s", "a", local.ui)
}

output "c33034" {
  value = split(",", local.ui)
}

output "c33035" {
  value = element(local.ul, 0)
}

output "c33036" {
  value = contains(local.ul, "a")
}

output "c33037" {
  value = distinct(["a", "a", local.ui])
}

output "c33038" {
  value = tolist([local.ui, "z"])
}

output "c33039" {
  value = toset([local.ui, "known"])
}

output "c33040" {
  value = { (local.ui) = 1 }
}

output "c33041" {
  value = concat([local.ui], ["b"])
}

output "c33042" {
  value = flatten([[local.ui], []])
}

output "c33043" {
  value = zipmap(["a"], [local.ui])
}

output "c33044" {
  value = coalesce(local.ui, "x")
}

output "c33045" {
  value = local.ui == "known" ? { a = 1 } : { a = 2 }
}

output "c33046" {
  value = regexall("n", local.ui)
}

output "c33047" {
  value = replace(local.ui, "k", "K")
}

output "c33048" {
  value = [for x in terraform_data.three[*].output : x if x != "i1"]
}

output "c33049" {
  value = terraform_data.three.0.output
}

output "c33050" {
  value = terraform_data.three.*.output
}

output "c33051" {
  value = max(local.un, 1)
}

output "c33052" {
  value = "%{ if local.ub }yes%{ else }no%{ endif }"
}

output "c33053" {
  value = "%{ for x in terraform_data.three }${x.output} %{ endfor }"
}

output "c33054" {
  value = sort(["b", local.ui, "a"])
}

output "c33055" {
  value = sum([local.un, 1])
}
