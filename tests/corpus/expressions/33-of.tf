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

output "c33001" {
  value = timestamp() == timestamp()
}

output "c33002" {
  value = length(uuid())
}

output "c33003" {
  value = length(bcrypt("pw", 4))
}
