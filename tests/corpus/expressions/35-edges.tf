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
  value = base64gzip("hello hello hello hello hello")
}

output "c35002" {
  value = base64gzip("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
}

output "c35003" {
  value = base64gzip("The quick brown fox jumps over the lazy dog. The quick brown fox jumps over the lazy dog again.")
}

output "c35004" {
  value = base64gzip(join(",", range(200)))
}

output "c35005" {
  value = base64gzip(join(" ", [for i in range(300) : "line ${i} of text ${i * i}"]))
}

output "c35006" {
  value = base64gzip("#!/bin/bash\necho hello world\napt-get update\napt-get install -y nginx\nsystemctl enable nginx\nsystemctl start nginx\n")
}

output "c35007" {
  value = base64gzip(jsonencode({ a = [1, 2, 3], b = { c = "x", d = true }, list = ["alpha", "beta", "alpha", "beta"] }))
}

output "c35008" {
  value = base64gzip("abcabcabcabcabcabcabcabc")
}

output "c35009" {
  value = base64gzip("é")
}

output "c35010" {
  value = base64gzip("ab")
}

output "c35011" {
  value = jsonencode(null)
}

output "c35012" {
  value = yamlencode(null)
}

output "c35013" {
  value = tostring(null)
}

output "c35014" {
  value = merge(null, {})
}

output "c35015" {
  value = concat([null], ["a"])
}

output "c35016" {
  value = lookup({ a = 1 }, "z", null)
}

output "c35017" {
  value = contains([null, 1], 1)
}

output "c35018" {
  value = element([null], 0)
}

output "c35019" {
  value = [null][0]
}

output "c35020" {
  value = length([null])
}

output "c35021" {
  value = keys({ a = null })
}

output "c35022" {
  value = values({ a = null })
}

output "c35023" {
  value = zipmap(["a"], [null])
}

output "c35024" {
  value = setunion([null], ["a"])
}

output "c35025" {
  value = distinct([null, "a"])
}

output "c35026" {
  value = try(null)
}

output "c35027" {
  value = can(null)
}

output "c35028" {
  value = coalescelist([null])
}

output "c35029" {
  value = index([null, 1], 1)
}

output "c35030" {
  value = one([null])
}

output "c35031" {
  value = reverse([null, 1])
}

output "c35032" {
  value = slice([null, 1], 0, 1)
}

output "c35033" {
  value = compact([null])
}

output "c35034" {
  value = toset([null])
}

output "c35035" {
  value = tolist([null])
}

output "c35036" {
  value = nonsensitive(null)
}

output "c35037" {
  value = ephemeralasnull(null)
}

output "c35038" {
  value = issensitive(null)
}

output "c35039" {
  value = matchkeys([null], ["a"], ["a"])
}

output "c35040" {
  value = chunklist([null, 1], 1)
}

output "c35041" {
  value = setproduct([null], [1])
}

output "c35042" {
  value = setsubtract([null], ["a"])
}

output "c35043" {
  value = setintersection([null], [null])
}

output "c35044" {
  value = merge({ a = null }, { a = 1 })
}

output "c35045" {
  value = tomap({ a = null, b = 1 })
}

output "c35046" {
  value = [null, 1] == [null, 1]
}

output "c35047" {
  value = { a = null }.a == null
}

output "c35048" {
  value = "${try(null, 1)}"
}

output "c35049" {
  value = [for x in [null, 1] : x]
}

output "c35050" {
  value = { for k, v in { a = null } : k => v }
}

output "c35051" {
  value = null != null
}

output "c35052" {
  value = jsonencode([null])
}
