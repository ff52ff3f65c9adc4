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

output "c30001" {
  value = 7 / 2
}

output "c30002" {
  value = -7 / 2
}

output "c30003" {
  value = 7 % 2.5
}

output "c30004" {
  value = -7.5 % 2
}

output "c30005" {
  value = 1e3 + 1
}

output "c30006" {
  value = 2.5e-3
}

output "c30007" {
  value = 0.1 + 0.2 == 0.3
}

output "c30008" {
  value = 1 / 3 * 3 == 1
}

output "c30009" {
  value = 10 / 3
}

output "c30010" {
  value = 123456789 * 987654321
}

output "c30011" {
  value = 99999999999999999999 + 1
}

output "c30012" {
  value = 1e400
}

output "c30013" {
  value = 1e600 / 1e599
}

output "c30014" {
  value = 1.5e+2
}

output "c30015" {
  value = 12.50
}

output "c30016" {
  value = -(-3)
}

output "c30017" {
  value = !(1 > 2)
}

output "c30018" {
  value = 1 + 2 == 3 && 2 * 2 != 5
}

output "c30019" {
  value = true || false && false
}

output "c30020" {
  value = 5 > 3 ? "y" : "n"
}

output "c30021" {
  value = (1 + 2) * (3 - 4) / 5
}

output "c30022" {
  value = 1 < 2 == true
}

output "c30023" {
  value = "10" + 5
}

output "c30024" {
  value = "2" * "3"
}

output "c30025" {
  value = -"4"
}

output "c30026" {
  value = true == "true"
}

output "c30027" {
  value = "a" == "a"
}

output "c30028" {
  value = [1, 2] == [1, 2]
}

output "c30029" {
  value = { a = 1 } != { a = 2 }
}

output "c30030" {
  value = tolist(["a"]) == tolist(["a"])
}

output "c30031" {
  value = null == null
}

output "c30032" {
  value = [null] == [null]
}

output "c30033" {
  value = toset([1, 2]) == toset([2, 1])
}

output "c30034" {
  value = abs(-12.4)
}

output "c30035" {
  value = abs("-0.5")
}

output "c30036" {
  value = ceil(5.1)
}

output "c30037" {
  value = ceil(-5.9)
}

output "c30038" {
  value = floor(4.9)
}

output "c30039" {
  value = floor(-4.1)
}

output "c30040" {
  value = log(50, 10)
}

output "c30041" {
  value = log(16, 2)
}

output "c30042" {
  value = log(2, 3)
}

output "c30043" {
  value = max(5, 12, 9)
}

output "c30044" {
  value = max([5, 12, 9]...)
}

output "c30045" {
  value = min(12, -54, 3)
}

output "c30046" {
  value = pow(3, 2)
}

output "c30047" {
  value = pow(4, 0.5)
}

output "c30048" {
  value = pow(2, 64)
}

output "c30049" {
  value = pow(1.5, 3)
}

output "c30050" {
  value = signum(-13)
}

output "c30051" {
  value = signum(0)
}

output "c30052" {
  value = parseint("100", 10)
}

output "c30053" {
  value = parseint("FF", 16)
}

output "c30054" {
  value = parseint("-10", 16)
}

output "c30055" {
  value = parseint("1011111011101111", 2)
}

output "c30056" {
  value = parseint("aA", 62)
}

output "c30057" {
  value = parseint("12", 3)
}

output "c30058" {
  value = sum([10, 13, 6, 4.5])
}

output "c30059" {
  value = sum(["1", "2.5"])
}

output "c30060" {
  value = sum(toset([2, 2, 3]))
}

output "c30061" {
  value = range(3)
}

output "c30062" {
  value = range(1, 4)
}

output "c30063" {
  value = range(1, 8, 2)
}

output "c30064" {
  value = range(4, 1)
}

output "c30065" {
  value = range(10, 5, -2)
}

output "c30066" {
  value = range(0, 1, 0.25)
}

output "c30067" {
  value = range(0)
}

output "c30068" {
  value = tonumber("1.50")
}

output "c30069" {
  value = tonumber("1e2")
}

output "c30070" {
  value = tostring(1.50)
}

output "c30071" {
  value = tostring(1e21)
}

output "c30072" {
  value = tostring(1/8)
}

output "c30073" {
  value = "${1e6}"
}

output "c30074" {
  value = "${0.1 + 0.2}"
}

output "c30075" {
  value = "${1/3}"
}

output "c30076" {
  value = format("%d", 3.0)
}

output "c30077" {
  value = format("%.2f", 1/3)
}

output "c30078" {
  value = format("%e", 12345.678)
}

output "c30079" {
  value = format("%x", 255)
}

output "c30080" {
  value = format("%o", 8)
}

output "c30081" {
  value = format("%b", 5)
}

output "c30082" {
  value = format("%08.3f", 3.14159)
}

output "c30083" {
  value = format("%+d", 5)
}

output "c30084" {
  value = format("% d", 5)
}

output "c30085" {
  value = format("%5d|%-5d|", 42, 42)
}

output "c30086" {
  value = format("%g", 1e-7)
}

output "c30087" {
  value = format("%v", 1e30)
}

output "c30088" {
  value = format("%s", 123456789012345678901234567890)
}

output "c30089" {
  value = format("%d", 123456789012345678901234567890)
}

output "c30090" {
  value = jsonencode(1e21)
}

output "c30091" {
  value = jsonencode(0.1)
}

output "c30092" {
  value = jsondecode("1e2")
}

output "c30093" {
  value = jsondecode("12345678901234567890")
}

output "c30094" {
  value = yamldecode("0o14")
}

output "c30095" {
  value = yamldecode("1_000")
}

output "c30096" {
  value = 1 - 0.9
}

output "c30097" {
  value = 1.1 + 2.2
}

output "c30098" {
  value = 100 * 1.1
}

output "c30099" {
  value = 3 * 0.1
}

output "c30100" {
  value = 2 / 3
}

output "c30101" {
  value = 22 / 7
}

output "c30102" {
  value = 1e-3 * 1e3
}

output "c30103" {
  value = 5 % 3 * 2
}

output "c30104" {
  value = 2 * 3 % 4
}

output "c30105" {
  value = 10 - 2 - 3
}

output "c30106" {
  value = 2 - -2
}

output "c30107" {
  value = tobool("true") && true
}

output "c30108" {
  value = 1 == 1 ? [1, 2] : []
}
