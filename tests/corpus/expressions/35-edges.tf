locals {
  s    = sensitive("secret")
  sl   = ["a", sensitive("b")]
  so   = { a = 1, b = sensitive("x") }
  list = tolist(["x", "y", "z"])
  map  = tomap({ a = "1", b = "2" })
  set  = toset(["p", "q"])
  obj  = { name = "n", nested = { deep = [1, 2, { k = "v" }] } }
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

output "c35001" {
  value = jsonencode(null)
}

output "c35002" {
  value = yamlencode(null)
}

output "c35003" {
  value = tostring(null)
}

output "c35004" {
  value = merge(null, {})
}

output "c35005" {
  value = concat([null], ["a"])
}

output "c35006" {
  value = lookup({ a = 1 }, "z", null)
}

output "c35007" {
  value = contains([null, 1], 1)
}

output "c35008" {
  value = element([null], 0)
}

output "c35009" {
  value = [null][0]
}

output "c35010" {
  value = length([null])
}

output "c35011" {
  value = keys({ a = null })
}

output "c35012" {
  value = values({ a = null })
}

output "c35013" {
  value = zipmap(["a"], [null])
}

output "c35014" {
  value = setunion([null], ["a"])
}

output "c35015" {
  value = distinct([null, "a"])
}

output "c35016" {
  value = try(null)
}

output "c35017" {
  value = can(null)
}

output "c35018" {
  value = coalescelist([null])
}

output "c35019" {
  value = index([null, 1], 1)
}

output "c35020" {
  value = one([null])
}

output "c35021" {
  value = reverse([null, 1])
}

output "c35022" {
  value = slice([null, 1], 0, 1)
}

output "c35023" {
  value = compact([null])
}

output "c35024" {
  value = toset([null])
}

output "c35025" {
  value = tolist([null])
}

output "c35026" {
  value = nonsensitive(null)
}

output "c35027" {
  value = ephemeralasnull(null)
}

output "c35028" {
  value = issensitive(null)
}

output "c35029" {
  value = matchkeys([null], ["a"], ["a"])
}

output "c35030" {
  value = chunklist([null, 1], 1)
}

output "c35031" {
  value = setproduct([null], [1])
}

output "c35032" {
  value = setsubtract([null], ["a"])
}

output "c35033" {
  value = setintersection([null], [null])
}

output "c35034" {
  value = merge({ a = null }, { a = 1 })
}

output "c35035" {
  value = tomap({ a = null, b = 1 })
}

output "c35036" {
  value = [null, 1] == [null, 1]
}

output "c35037" {
  value = { a = null }.a == null
}

output "c35038" {
  value = "${try(null, 1)}"
}

output "c35039" {
  value = [for x in [null, 1] : x]
}

output "c35040" {
  value = { for k, v in { a = null } : k => v }
}

output "c35041" {
  value = null != null
}

output "c35042" {
  value = jsonencode([null])
}
