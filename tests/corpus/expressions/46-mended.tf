locals {
  nul = null
  ts  = tostring(null)
  to  = { a = null }
}

output "c46001" {
  value = local.nul.*
}

output "c46002" {
  value = local.nul.*.x
}

output "c46003" {
  value = local.ts.*
}

output "c46004" {
  value = local.ts.*.x
}

output "c46005" {
  value = local.to.a.*
}

output "c46006" {
  value = local.to.a.*.x
}

output "c46007" {
  value = null.*.x
}

output "c46008" {
  value = null.*
}

output "c46009" {
  value = (null).*
}

output "c46010" {
  value = { a = 1 }["a"].*
}

output "c46011" {
  value = issensitive({ a = 1 }[sensitive("a")])
}

output "c46012" {
  sensitive = true
  value = { a = 1 }[sensitive("a")]
}

output "c46013" {
  value = issensitive(tomap({ a = 1 })[sensitive("a")])
}

output "c46014" {
  value = issensitive([1][sensitive(0)])
}

output "c46015" {
  value = issensitive(tolist([1])[sensitive(0)])
}

output "c46016" {
  value = issensitive(sensitive({ a = 1 })["a"])
}

output "c46017" {
  value = 1 + "1p3"
}

output "c46018" {
  value = tonumber("1p-3")
}

output "c46019" {
  value = tonumber("1.5p2")
}

output "c46020" {
  value = tonumber("1P3")
}

output "c46021" {
  value = tonumber("1p+3")
}

output "c46022" {
  value = tonumber("123456789p0")
}

output "c46023" {
  value = cidrhost("::ffff:10.0.0.0/120", 7)
}

output "c46024" {
  value = cidrhost("::ffff:0:0/96", 7)
}

output "c46025" {
  value = cidrhost("::ffff:1.2.3.4/128", 0)
}

output "c46026" {
  value = cidrhost("::ffff:10.0.0.0/120", -1)
}

output "c46027" {
  value = cidrhost("::ffff:10.0.0.0/64", 5)
}

output "c46028" {
  value = cidrsubnet("::ffff:10.0.0.0/104", 8, 2)
}

output "c46029" {
  value = cidrsubnet("::ffff:10.0.0.0/104", 4, 15)
}

output "c46030" {
  value = cidrsubnet("::ffff:10.0.0.0/96", 8, 200)
}

output "c46031" {
  value = cidrsubnet("::ffff:10.0.0.0/90", 8, 200)
}

output "c46032" {
  value = cidrsubnets("::ffff:10.0.0.0/90", 4, 4)
}

output "c46033" {
  value = cidrhost("2001:db8::/64", 18446744073709551616)
}

output "c46034" {
  value = cidrhost("2001:db8::/64", 18446744073709551617)
}

output "c46035" {
  value = cidrhost("2001:db8::/64", 36893488147419103232)
}

output "c46036" {
  value = cidrhost("2001:db8::/64", -18446744073709551616)
}

output "c46037" {
  value = cidrhost("2001:db8::/32", 79228162514264337593543950336)
}

output "c46038" {
  value = cidrhost("2001:db8::/32", 79228162514264337593543950335)
}

output "c46039" {
  value = cidrhost("::/0", 340282366920938463463374607431768211455)
}

output "c46040" {
  value = cidrhost("2001:db8::/127", 1)
}

output "c46041" {
  value = cidrhost("2001:db8::/65", 9223372036854775808)
}

output "c46042" {
  value = cidrhost("2001:db8::/65", 9223372036854775807)
}

output "c46043" {
  value = cidrnetmask("::ffff:10.0.0.0/104")
}

output "c46044" {
  value = yamldecode("a: [\n1,\n2\n]\nb: 2")
}

output "c46045" {
  value = yamldecode("a: {\nx: 1\n}")
}

output "c46046" {
  value = yamldecode("a: [\n  1,\n  2\n]")
}

output "c46047" {
  value = yamldecode("a: [1,\n2]")
}

output "c46048" {
  value = yamldecode("- [a,\n  b]")
}

output "c46049" {
  value = yamldecode("a:\n- [\nx\n]")
}

output "c46050" {
  value = yamldecode("a: {x: 1,\n y: 2}")
}

output "c46051" {
  value = yamldecode("a: 'x\ny'")
}

output "c46052" {
  value = yamldecode("a: \"x\ny\"")
}

output "c46053" {
  value = yamldecode("[\na\n]")
}

output "c46054" {
  value = yamldecode("{\na: 1\n}")
}

output "c46055" {
  value = yamldecode("a:\tb")
}

output "c46056" {
  value = yamldecode("a: b\t")
}

output "c46057" {
  value = yamldecode("a: [\t1,\t2]")
}

output "c46058" {
  value = yamldecode("%YAML 1.1 # c\n---\na")
}

output "c46059" {
  value = yamldecode("%TAG ! tag:x,2000:\n---\na")
}

output "c46060" {
  value = yamldecode("%TAG !e! tag:yaml.org,2002:\n---\n!e!str 1")
}
