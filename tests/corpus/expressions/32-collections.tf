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

output "c32001" {
  value = [for s in ["a", "b"] : upper(s)]
}

output "c32002" {
  value = [for i, s in ["a", "b"] : "${i}-${s}"]
}

output "c32003" {
  value = [for k, v in { x = 1, y = 2 } : "${k}=${v}" if v > 1]
}

output "c32004" {
  value = { for s in ["a", "bb"] : s => length(s) }
}

output "c32005" {
  value = { for s in ["ab", "ac", "bd"] : substr(s, 0, 1) => s... }
}

output "c32006" {
  value = { for k, v in { a = 1, b = 2 } : v => k }
}

output "c32007" {
  value = { for i, v in ["x", "y"] : i => v }
}

output "c32008" {
  value = [for x in toset(["c", "a", "b"]) : x]
}

output "c32009" {
  value = [for x in [[1, 2], [3]] : sum(x)]
}

output "c32010" {
  value = flatten([for a in ["x", "y"] : [for b in [1, 2] : "${a}${b}"]])
}

output "c32011" {
  value = [for o in [{ n = 1 }, { n = 2 }] : o.n if o.n != 1]
}

output "c32012" {
  value = ["a", "b", "c"][1]
}

output "c32013" {
  value = ["a", "b"]["0"]
}

output "c32014" {
  value = { a = { b = ["x", "y"] } }.a.b[1]
}

output "c32015" {
  value = { a = 1 }["a"]
}

output "c32016" {
  value = [[1, 2], [3, 4]][1][0]
}

output "c32017" {
  value = [{ id = 1 }, { id = 2 }][*].id
}

output "c32018" {
  value = [{ id = 1 }, { id = 2 }].*.id
}

output "c32019" {
  value = [[{ v = 1 }], [{ v = 2 }]][*][0].v
}

output "c32020" {
  value = { a = 1 }[*].a
}

output "c32021" {
  value = null[*]
}

output "c32022" {
  value = var.nul[*]
}

output "c32023" {
  value = "single"[*]
}

output "c32024" {
  value = [][*].x
}

output "c32025" {
  value = local.list[*]
}

output "c32026" {
  value = local.obj.nested.deep[2].k
}

output "c32027" {
  value = local.map["a"]
}

output "c32028" {
  value = local.map.b
}

output "c32029" {
  value = keys({ c = 1, a = 2 })
}

output "c32030" {
  value = values({ c = 1, a = 2 })
}

output "c32031" {
  value = lookup({ a = "ay" }, "a", "what?")
}

output "c32032" {
  value = lookup({ a = "ay" }, "c", "what?")
}

output "c32033" {
  value = merge({ a = "b" }, { a = [1], c = null })
}

output "c32034" {
  value = merge(local.map, { z = "9" })
}

output "c32035" {
  value = zipmap(["a", "b"], [1, "two"])
}

output "c32036" {
  value = transpose({ a = ["1", "2"], b = ["2", "3"] })
}

output "c32037" {
  value = contains(["a", "b"], "b")
}

output "c32038" {
  value = contains(toset([1, 2]), 3)
}

output "c32039" {
  value = element(["a", "b", "c"], 4)
}

output "c32040" {
  value = index(["a", "b"], "b")
}

output "c32041" {
  value = distinct(["a", "b", "a", "c", "b"])
}

output "c32042" {
  value = compact(["a", "", "b", null])
}

output "c32043" {
  value = concat(["a"], ["b", "c"], [])
}

output "c32044" {
  value = concat([1], ["x", true])
}

output "c32045" {
  value = chunklist(["a", "b", "c", "d", "e"], 2)
}

output "c32046" {
  value = coalesce("", "b")
}

output "c32047" {
  value = coalesce(null, 2, "x")
}

output "c32048" {
  value = coalescelist([], ["c", "d"])
}

output "c32049" {
  value = flatten([["a", "b"], [], [["c"], "d"]])
}

output "c32050" {
  value = one([])
}

output "c32051" {
  value = one(["only"])
}

output "c32052" {
  value = reverse([1, "b", true])
}

output "c32053" {
  value = slice(["a", "b", "c", "d"], 1, 3)
}

output "c32054" {
  value = sort(["e", "d", "a", "X", "10", "9"])
}

output "c32055" {
  value = matchkeys(["i-1", "i-2", "i-3"], ["w", "e", "w"], ["w"])
}

output "c32056" {
  value = setproduct(["dev", "prod"], ["a", "b"])
}

output "c32057" {
  value = setproduct([], ["a"])
}

output "c32058" {
  value = setintersection(["a", "b"], ["b", "c"], ["b", "d"])
}

output "c32059" {
  value = setsubtract(["a", "b", "c"], ["a", "c"])
}

output "c32060" {
  value = setunion(["a", "b"], ["b", "c"], ["d"])
}

output "c32061" {
  value = alltrue(["true", true])
}

output "c32062" {
  value = alltrue([])
}

output "c32063" {
  value = anytrue([false, "false"])
}

output "c32064" {
  value = length({ a = 1, b = 2 })
}

output "c32065" {
  value = length(toset(["a", "a"]))
}

output "c32066" {
  value = tolist(["a", 1, true])
}

output "c32067" {
  value = tolist(toset([3, 1, 2]))
}

output "c32068" {
  value = toset(["b", "a", "b"])
}

output "c32069" {
  value = toset([1, "1"])
}

output "c32070" {
  value = tomap({ a = 1, b = "x" })
}

output "c32071" {
  value = tomap({ a = ["x"], b = [] })
}

output "c32072" {
  value = tolist([[1], ["x", "y"]])
}

output "c32073" {
  value = tolist([{ a = 1 }, { a = "b" }])
}

output "c32074" {
  value = true ? { a = 1 } : { a = "s" }
}

output "c32075" {
  value = false ? [1, 2] : ["a", "b"]
}

output "c32076" {
  value = true ? [] : ["a"]
}

output "c32077" {
  value = true ? null : { a = 1 }
}

output "c32078" {
  value = true ? tomap({}) : { a = 1 }
}

output "c32079" {
  value = true ? tolist([]) : [1]
}

output "c32080" {
  value = [1, "a", [true], { b = null }]
}

output "c32081" {
  value = { a = 1, "b c" = 2, (upper("d")) = 3, "${"e"}f" = 4 }
}

output "c32082" {
  value = { 1 = "x", true = "y" }
}

output "c32083" {
  value = { a : 1, b = 2 }
}

output "c32084" {
  value = [for x in [1, 2, 3] : x if x != 2][1]
}

output "c32085" {
  value = { for k, v in local.obj : k => k }
}

output "c32086" {
  value = try({ a = 1 }.b, "none")
}

output "c32087" {
  value = try([1][5], [2][0])
}

output "c32088" {
  value = can({ a = 1 }.b)
}

output "c32089" {
  value = [for k in sort(keys(local.map)) : local.map[k]]
}

output "c32090" {
  value = max([for s in ["a", "bbb"] : length(s)]...)
}

output "c32091" {
  value = length([for x in range(10) : x if x % 3 == 0])
}

output "c32092" {
  value = { for x in setproduct(["a"], [1, 2]) : "${x[0]}${x[1]}" => x[1] }
}

output "c32093" {
  value = join(",", [for k, v in { b = 2, a = 1 } : "${k}${v}"])
}

output "c32094" {
  value = tolist([for x in ["b", "a"] : x])
}

output "c32095" {
  value = toset([for x in ["b", "a", "b"] : upper(x)])
}

output "c32096" {
  value = var.typed
}

output "c32097" {
  value = var.typed.b * 2
}

output "c32098" {
  value = var.any.k
}

output "c32099" {
  value = [var.nul, "x"]
}

output "c32100" {
  value = var.nul == null ? "null" : "set"
}

output "c32101" {
  value = jsonencode(var.typed)
}

output "c32102" {
  value = local.set
}

output "c32103" {
  value = contains(local.set, "p")
}

output "c32104" {
  value = formatlist("%s!", local.set)
}

output "c32105" {
  value = terraform.workspace
}

output "c32106" {
  value = path.module
}

output "c32107" {
  value = basename(abspath(path.root)) == basename(path.cwd)
}

output "c32108" {
  value = core::upper("x")
}

output "c32109" {
  value = core::length([1])
}

output "c32110" {
  value = tolist(null) == null
}

output "c32111" {
  value = nonsensitive(local.so.b)
}

output "c32112" {
  value = nonsensitive([for x in local.sl : nonsensitive(x)])
}

output "c32113" {
  value = nonsensitive(jsonencode(local.so))
}

output "c32114" {
  value = issensitive(local.sl[0])
}

output "c32115" {
  value = issensitive(local.sl[1])
}
