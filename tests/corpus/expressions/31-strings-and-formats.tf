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

output "c31001" {
  value = "plain"
}

output "c31002" {
  value = "tab\tnewline\\n\"q\""
}

output "c31003" {
  value = "\u00e9\u4e2d\U0001F600"
}

output "c31004" {
  value = "$${literal} %%{literal}"
}

output "c31005" {
  value = "a${1}b${true}c"
}

output "c31006" {
  value = "${"x"}${"y"}"
}

output "c31007" {
  value = "${[1, 2][0]}-${{ a = "b" }.a}"
}

output "c31008" {
  value = "%{ if 1 < 2 }less%{ else }more%{ endif }"
}

output "c31009" {
  value = "%{ for i in range(3) }${i};%{ endfor }"
}

output "c31010" {
  value = "%{ for k, v in { a = 1, b = 2 } }${k}=${v},%{ endfor }"
}

output "c31011" {
  value = "%{ for s in ["x", "y"] ~} ${s} %{~ endfor }"
}

output "c31012" {
  value = "[%{ for x in [1, 2, 3] }%{ if x % 2 == 1 }${x}%{ endif }%{ endfor }]"
}

output "c31013" {
  value = "  ${~ "trim" ~}  "
}

output "c31014" {
  value = upper("straße")
}

output "c31015" {
  value = upper("héllo")
}

output "c31016" {
  value = lower("ÀÉÎ")
}

output "c31017" {
  value = title("hello wörld foo-bar")
}

output "c31018" {
  value = length("héllo")
}

output "c31019" {
  value = length("👨‍👩‍👧")
}

output "c31020" {
  value = strrev("añb")
}

output "c31021" {
  value = substr("hello world", 1, 4)
}

output "c31022" {
  value = substr("🤔🤷", 0, 1)
}

output "c31023" {
  value = substr("hello world", -5, -1)
}

output "c31024" {
  value = substr("hello", 2, -1)
}

output "c31025" {
  value = substr("hello", 6, 10)
}

output "c31026" {
  value = trimspace("  hi\n\n")
}

output "c31027" {
  value = trim("?!hello?!", "!?")
}

output "c31028" {
  value = trimprefix("helloworld", "hello")
}

output "c31029" {
  value = trimsuffix("helloworld", "world")
}

output "c31030" {
  value = chomp("hello\r\n")
}

output "c31031" {
  value = chomp("hello\n\n")
}

output "c31032" {
  value = indent(2, "[\n  foo,\n  bar,\n]\n")
}

output "c31033" {
  value = join("-", ["a", "b", "c"])
}

output "c31034" {
  value = join(", ", [1, true, "x"])
}

output "c31035" {
  value = join("", [])
}

output "c31036" {
  value = split(",", "foo,bar,baz")
}

output "c31037" {
  value = split(",", "foo")
}

output "c31038" {
  value = split("", "abc")
}

output "c31039" {
  value = replace("1 + 2 + 3", "+", "-")
}

output "c31040" {
  value = replace("hello world", "/w.*d/", "everybody")
}

output "c31041" {
  value = replace("a-b-c", "/(\\w)-(\\w)/", "$2_$1")
}

output "c31042" {
  value = replace("abc", "", "-")
}

output "c31043" {
  value = replace("x.y", ".", "$1")
}

output "c31044" {
  value = startswith("hello", "he")
}

output "c31045" {
  value = endswith("hello", "lo")
}

output "c31046" {
  value = strcontains("hello", "ll")
}

output "c31047" {
  value = regex("[a-z]+", "53453453.345345aaabbbccc23454")
}

output "c31048" {
  value = regex("(\\d\\d\\d\\d)-(\\d\\d)-(\\d\\d)", "2019-02-01")
}

output "c31049" {
  value = regex("^(?:(?P<scheme>[^:/?#]+):)?(?://(?P<authority>[^/?#]*))?", "https://terraform.io/docs/")
}

output "c31050" {
  value = regexall("[a-z]+", "1234abcd5678efgh9")
}

output "c31051" {
  value = regexall("(?P<k>\\w)=(?P<v>\\d)", "a=1,b=2")
}

output "c31052" {
  value = length(regexall("x", "abc"))
}

output "c31053" {
  value = format("Hello, %s!", "Ander")
}

output "c31054" {
  value = format("%s is %d years, %t", "x", 4, true)
}

output "c31055" {
  value = format("%q and %v", "a\"b", ["x", 1])
}

output "c31056" {
  value = format("%-10s|%10s|", "ab", "cd")
}

output "c31057" {
  value = format("%.2s", "abcdef")
}

output "c31058" {
  value = format("%%")
}

output "c31059" {
  value = format("%[2]s-%[1]s", "a", "b")
}

output "c31060" {
  value = format("%#v", { a = [1, "x", null] })
}

output "c31061" {
  value = format("%v", toset(["b", "a"]))
}

output "c31062" {
  value = formatlist("%s-%d", ["a", "b"], [1, 2])
}

output "c31063" {
  value = formatlist("Hello, %s!", ["Valentina", "Ander"])
}

output "c31064" {
  value = formatlist("%s-%s", "x", ["a", "b"])
}

output "c31065" {
  value = urlencode("a b&c=d/é?")
}

output "c31066" {
  value = base64encode("héllo")
}

output "c31067" {
  value = base64decode("aMOpbGxv")
}

output "c31068" {
  value = base64sha256("hello world")
}

output "c31069" {
  value = base64sha512("x")
}

output "c31070" {
  value = textencodebase64("Hello", "UTF-16LE")
}

output "c31071" {
  value = textdecodebase64("SABlAGwAbABvAA==", "UTF-16LE")
}

output "c31072" {
  value = textencodebase64("€", "windows-1252")
}

output "c31073" {
  value = md5("hello world")
}

output "c31074" {
  value = sha1("hello world")
}

output "c31075" {
  value = sha256("hello world")
}

output "c31076" {
  value = sha512("")
}

output "c31077" {
  value = cidrhost("10.12.112.0/20", 16)
}

output "c31078" {
  value = cidrhost("10.12.112.0/20", 268)
}

output "c31079" {
  value = cidrhost("fd00:fd12:3456:7890:00a2::/72", 34)
}

output "c31080" {
  value = cidrhost("10.0.0.0/24", -2)
}

output "c31081" {
  value = cidrnetmask("172.16.0.0/12")
}

output "c31082" {
  value = cidrsubnet("172.16.0.0/12", 4, 2)
}

output "c31083" {
  value = cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)
}

output "c31084" {
  value = cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)
}

output "c31085" {
  value = formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")
}

output "c31086" {
  value = formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01Z")
}

output "c31087" {
  value = formatdate("h:mmaa", "2018-01-02T23:12:01-08:00")
}

output "c31088" {
  value = formatdate("YYYY'W'M", "2018-01-02T23:12:01Z")
}

output "c31089" {
  value = timeadd("2017-11-22T00:00:00Z", "10m")
}

output "c31090" {
  value = timeadd("2017-11-22T00:00:00Z", "-36h30m15s")
}

output "c31091" {
  value = timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00+01:00")
}

output "c31092" {
  value = basename("foo/bar/baz.txt")
}

output "c31093" {
  value = dirname("foo/bar/baz.txt")
}

output "c31094" {
  value = pathexpand("~/.ssh/id")
}

output "c31095" {
  value = file("fixtures/note.txt")
}

output "c31096" {
  value = filebase64("fixtures/note.txt")
}

output "c31097" {
  value = filemd5("fixtures/note.txt")
}

output "c31098" {
  value = fileexists("fixtures/none.txt")
}

output "c31099" {
  value = fileset("fixtures", "**/*.{csv,json}")
}

output "c31100" {
  value = csvdecode("a,b,c\n1,2,3\n4,5,6\n")
}

output "c31101" {
  value = csvdecode(file("fixtures/d.csv"))
}

output "c31102" {
  value = jsonencode({ hello = "wörld", n = 1.0, l = [null, true], "<>" = "&" })
}

output "c31103" {
  value = jsondecode("{\"a\": [1, 2.5, {\"b\": null}], \"c\": \"\\u00e9\"}")
}

output "c31104" {
  value = yamlencode({ a = [1, "x", null, { b = true }], s = "multi\nline\n", e = {}, l = [] })
}

output "c31105" {
  value = yamlencode(["yes", "1", "", "a: b", " x", "null", "1.0"])
}

output "c31106" {
  value = yamldecode("a: 1\nb:\n  - x\n  - {k: v}\nc: |\n  text\n  more\nd: ~\ne: \"q\\n\"\n")
}

output "c31107" {
  value = yamldecode("- &x {a: 1}\n- *x\n- <<: *x\n  b: 2\n")
}

output "c31108" {
  value = yamldecode("true")
}

output "c31109" {
  value = yamldecode("'1'")
}

output "c31110" {
  value = yamldecode("2024-01-01")
}

output "c31111" {
  value = yamldecode("[1, 0x1F, 1.5, .5, 1e3, yes, no, null]")
}

output "c31112" {
  value = nonsensitive(sensitive("y"))
}

output "c31113" {
  value = issensitive(sensitive("z"))
}

output "c31114" {
  value = try(jsondecode("{"), "bad")
}

output "c31115" {
  value = can(regex("^a", "b"))
}
