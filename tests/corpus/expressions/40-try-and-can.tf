locals {
  c = { a = { b = 1 }, l = [1], n = null, s = "str" }
}
resource "terraform_data" "x" {
  input = { k = "v" }
}

output "c40001" {
  value = try(local.c.a.b, 0)
}

output "c40002" {
  value = try(local.c.a.x, 0)
}

output "c40003" {
  value = try(local.c.z.y.x, "d")
}

output "c40004" {
  value = try(local.c.l[5], "d")
}

output "c40005" {
  value = try(local.c.n.x, "d")
}

output "c40006" {
  value = try(local.c.s.x, "d")
}

output "c40007" {
  value = try(local.c.s[0], "d")
}

output "c40008" {
  value = try(tonumber("x"), tonumber("y"), 3)
}

output "c40009" {
  value = try(1)
}

output "c40010" {
  value = try(null, 1)
}

output "c40011" {
  value = try(nosuch(), 1)
}

output "c40012" {
  value = can(local.c.a.b)
}

output "c40013" {
  value = can(local.c.zz)
}

output "c40014" {
  value = can(tonumber("1"))
}

output "c40015" {
  value = can(tonumber("x"))
}

output "c40016" {
  value = can(1 / 0)
}

output "c40017" {
  value = can(null.x)
}

output "c40018" {
  value = can(regex("^a", "abc"))
}

output "c40019" {
  value = can(regex("^b", "abc"))
}

output "c40020" {
  value = can(regex("(", "abc"))
}

output "c40021" {
  value = try(jsondecode("{"), {})
}

output "c40022" {
  value = try([for x in null : x], [])
}

output "c40023" {
  value = try({ a = 1 }["b"], { a = 1 }["a"])
}

output "c40024" {
  value = try(element([], 0), "empty")
}

output "c40025" {
  value = try(cidrhost("bad", 1), "bad")
}

output "c40026" {
  value = try(1 + "a", "nan")
}

output "c40027" {
  value = try(true ? [] : {}, "x")
}

output "c40028" {
  value = try(tolist("a"), ["a"])
}

output "c40029" {
  value = try([tostring(["a"])], [["a"]])
}

output "c40030" {
  value = try(toset(5), toset([5]))
}

output "c40031" {
  value = try(split(",", null), [])
}

output "c40032" {
  value = try(coalesce(null, null), "all null")
}

output "c40033" {
  value = try(one([1, 2]), "many")
}

output "c40034" {
  value = try(parseint("zz", 10), -1)
}

output "c40035" {
  value = try(timeadd("x", "1h"), "bad time")
}

output "c40036" {
  value = try(!"x", "not bool")
}

output "c40037" {
  value = try("${[1]}", "not str")
}

output "c40038" {
  value = try(merge(1, 2), {})
}

output "c40039" {
  value = try(keys("x"), [])
}

output "c40040" {
  value = try(terraform_data.x.output.k, "d")
}

output "c40041" {
  value = try(terraform_data.x.output.nope, "d")
}

output "c40042" {
  value = can(terraform_data.x.output.k)
}

output "c40043" {
  value = can(terraform_data.x.output.zzz)
}

output "c40044" {
  value = try(sensitive(1).x, 2)
}

output "c40045" {
  sensitive = true
  value = try(sensitive({ a = 1 }).a, 2)
}

output "c40046" {
  value = try(templatestring("$${zz}", {}), "tpl")
}

output "c40047" {
  value = try(regex("(?P<y>\\d+)", "ab 12").y, 0)
}

output "c40048" {
  value = try(regex("(?P<y>\\d+)", "ab").y, 0)
}

output "c40049" {
  value = try(formatdate("YYYY", "nope"), "n")
}

output "c40050" {
  value = try(try(null.a, null.b), 9)
}

output "c40051" {
  value = try(can(null.a) ? 1 : null.b, 9)
}

output "c40052" {
  value = [for v in ["1", "x", "3"] : try(tonumber(v), null)]
}

output "c40053" {
  value = [for v in ["1", "x", "3"] : v if can(tonumber(v))]
}

output "c40054" {
  value = tostring(try("5", 5))
}

output "c40055" {
  value = try(5, "5")
}

output "c40056" {
  value = try([1], ["a"])
}

output "c40057" {
  value = try(null.x, [1, "a"])
}

output "c40058" {
  value = try(tobool("maybe"), false)
}

output "c40059" {
  value = core::try(null.x, 1)
}

output "c40060" {
  value = try([][0], {}.a, tomap({}).b, "last")
}
