variable "a" {
  type    = list(string)
  default = [1, true, "x"]
}
variable "b" {
  type    = map(number)
  default = { a = "1", b = 2 }
}
variable "c" {
  type    = set(number)
  default = ["3", 1, 3]
}
variable "d" {
  type = object({
    n = string
    o = optional(string)
    p = optional(number, 7)
    q = optional(list(string), ["z"])
    r = optional(object({ x = optional(bool, true), y = optional(map(string), {}) }), {})
    s = optional(any, "anyd")
  })
  default = { n = 1, extra = true }
}
variable "e" {
  type = list(object({ k = string, v = optional(number, 1) }))
  default = [{ k = "a" }, { k = "b", v = "5" }, { k = "c", v = null }]
}
variable "f" {
  type    = map(object({ e = optional(bool, false) }))
  default = { x = {}, y = { e = "true" } }
}
variable "g" {
  type    = any
  default = [1, "a"]
}
variable "h" {
  type    = list(any)
  default = [1, "a", true]
}
variable "i" {
  type    = map(any)
  default = { a = [1], b = ["x"] }
}
variable "k" {
  type    = set(object({ a = optional(string, "q") }))
  default = [{}, { a = "q" }, { a = "r" }]
}
variable "l" {
  type    = list(list(string))
  default = [[1], [], ["a", 2]]
}
variable "m" {
  type    = object({})
  default = { x = 1 }
}
variable "n" {
  type    = object({ a = any, b = any })
  default = { a = 1, b = [true] }
}
variable "o" {
  type     = string
  nullable = false
  default  = "nn"
}
variable "p" {
  type    = number
  default = "1.50"
}
variable "q" {
  type    = bool
  default = "true"
}
variable "r" {
  type    = string
  default = false
}
variable "s" {
  type    = object({ a = optional(object({ b = optional(object({ c = optional(string, "deep") }), {}) }), {}) })
  default = {}
}
variable "t" {
  type    = object({ a = optional(object({ b = optional(string, "bb") })) })
  default = {}
}
variable "u" {
  type    = map(list(object({ a = optional(number, 0) })))
  default = { z = [{}, { a = 1 }], y = [] }
}
variable "v" {
  type    = object({ l = optional(list(object({ a = optional(string, "x") })), [{}, { a = "y" }]) })
  default = {}
}
variable "x" {
  default = { a = [1, "b", null], c = {} }
}
variable "y" {
  type    = set(string)
  default = []
}
variable "z" {
  type    = map(string)
  default = {}
}

output "c41001" {
  value = var.a
}

output "c41002" {
  value = var.b
}

output "c41003" {
  value = var.c
}

output "c41004" {
  value = var.d
}

output "c41005" {
  value = var.d.r.x
}

output "c41006" {
  value = var.d.o == null
}

output "c41007" {
  value = var.e
}

output "c41008" {
  value = var.e[2].v
}

output "c41009" {
  value = var.f
}

output "c41010" {
  value = var.g
}

output "c41011" {
  value = var.h
}

output "c41012" {
  value = var.i
}

output "c41013" {
  value = var.k
}

output "c41014" {
  value = var.l
}

output "c41015" {
  value = var.m
}

output "c41016" {
  value = var.n
}

output "c41017" {
  value = var.o
}

output "c41018" {
  value = var.p
}

output "c41019" {
  value = var.q
}

output "c41020" {
  value = var.r
}

output "c41021" {
  value = var.s
}

output "c41022" {
  value = var.t
}

output "c41023" {
  value = var.u
}

output "c41024" {
  value = var.v
}

output "c41025" {
  value = var.x
}

output "c41026" {
  value = var.y
}

output "c41027" {
  value = var.z
}

output "c41028" {
  value = var.x.a[2]
}

output "c41029" {
  value = [for e in var.e : "${e.k}=${e.v}"]
}

output "c41030" {
  value = length(var.c)
}

output "c41031" {
  value = sum(var.c)
}

output "c41032" {
  value = { for k, v in var.f : k => v.e }
}

output "c41033" {
  value = tolist(var.k)[0].a
}

output "c41034" {
  value = var.d.s
}

output "c41035" {
  value = var.d.q[0]
}

output "c41036" {
  value = concat(var.a, ["y"])
}

output "c41037" {
  value = jsonencode(var.d)
}

output "c41038" {
  value = jsonencode(var.x)
}

output "c41039" {
  value = keys(var.n)
}
