output "c43001" {
  value = jsonencode(null)
}

output "c43002" {
  value = jsonencode("a\"b\n\t\u0001")
}

output "c43003" {
  value = jsonencode("<a>&'")
}

output "c43004" {
  value = jsonencode("\u2028\u2029")
}

output "c43005" {
  value = jsonencode("😀é")
}

output "c43006" {
  value = jsonencode(1.0)
}

output "c43007" {
  value = jsonencode(1e21)
}

output "c43008" {
  value = jsonencode(1e-7)
}

output "c43009" {
  value = jsonencode(123456789012345678901234567890)
}

output "c43010" {
  value = jsonencode(0.1)
}

output "c43011" {
  value = jsonencode([])
}

output "c43012" {
  value = jsonencode({})
}

output "c43013" {
  value = jsonencode([1, "a", true, null])
}

output "c43014" {
  value = jsonencode({ b = 1, a = [{}] })
}

output "c43015" {
  value = jsonencode(toset(["b", "a"]))
}

output "c43016" {
  value = jsonencode({ "a b" = { "é" = null } })
}

output "c43017" {
  value = jsonencode(tomap({ b = 1, a = 2 }))
}

output "c43018" {
  value = jsonencode(1e100)
}

output "c43019" {
  value = jsonencode("\\")
}

output "c43020" {
  value = jsonencode("/")
}

output "c43021" {
  value = jsonencode("\u007f")
}

output "c43022" {
  value = jsonencode(true)
}

output "c43023" {
  value = jsondecode("1")
}

output "c43024" {
  value = jsondecode("1.50")
}

output "c43025" {
  value = jsondecode("1e3")
}

output "c43026" {
  value = jsondecode("\"x\"")
}

output "c43027" {
  value = jsondecode("null")
}

output "c43028" {
  value = jsondecode("true")
}

output "c43029" {
  value = jsondecode("[]")
}

output "c43030" {
  value = jsondecode("{}")
}

output "c43031" {
  value = jsondecode("[1, \"a\", null, {\"b\": [true]}]")
}

output "c43032" {
  value = jsondecode(" \n {\"a\" : 1 } \t")
}

output "c43033" {
  value = jsondecode("{\"a\":1,\"a\":2}")
}

output "c43034" {
  value = jsondecode("{\"b\":1,\"a\":2}")
}

output "c43035" {
  value = jsondecode("\"\\u00e9\\n\\ud83d\\ude00\"")
}

output "c43036" {
  value = jsondecode("\"\\ud83d\"")
}

output "c43037" {
  value = jsondecode("12345678901234567890123")
}

output "c43038" {
  value = jsondecode("0.1000")
}

output "c43039" {
  value = jsondecode("[[[[[1]]]]]")
}

output "c43040" {
  value = jsondecode(1)
}

output "c43041" {
  value = jsondecode(true)
}

output "c43042" {
  value = jsondecode(jsonencode({ a = [1, 2.5, "x", null, true, {}] }))
}

output "c43043" {
  value = jsonencode(jsondecode("{\"z\":1,\"a\":[1.0,2e2]}"))
}

output "c43044" {
  value = jsondecode(file("fixtures/d.json"))
}

output "c43045" {
  value = csvdecode("a,b\n1,2\n3,4")
}

output "c43046" {
  value = csvdecode("a,b\r\n1,2\r\n")
}

output "c43047" {
  value = csvdecode("a\n")
}

output "c43048" {
  value = csvdecode("a")
}

output "c43049" {
  value = csvdecode("\"a b\",\"c\"\"d\"\n\"x,y\",\"z\nw\"")
}

output "c43050" {
  value = csvdecode("a,b\n1,")
}

output "c43051" {
  value = csvdecode("a,b\n,\n")
}

output "c43052" {
  value = csvdecode("a;b\n1;2")
}

output "c43053" {
  value = csvdecode("a, b\n1, 2")
}

output "c43054" {
  value = csvdecode("a\n\n1\n")
}

output "c43055" {
  value = csvdecode("#a\n1")
}

output "c43056" {
  value = csvdecode("é\nü")
}

output "c43057" {
  value = csvdecode("\n\na\n1")
}

output "c43058" {
  value = csvdecode("a,b\n\"1\",\"\"")
}

output "c43059" {
  value = csvdecode("a\n1\n\n\n2")
}

output "c43060" {
  value = csvdecode("a,\n1,2")
}

output "c43061" {
  value = csvdecode("\ufeffa\n1")
}

output "c43062" {
  value = csvdecode(file("fixtures/d.csv"))
}

output "c43063" {
  value = csvdecode("a\tb\n1\t2")
}

output "c43064" {
  value = csvdecode("a\r1")
}

output "c43065" {
  value = [for r in csvdecode("n,v\nx,1\ny,2") : r.n if r.v == "2"]
}

output "c43066" {
  value = { for r in csvdecode("n,v\nx,1\ny,2") : r.n => tonumber(r.v) }
}

output "c43067" {
  value = yamlencode(null)
}

output "c43068" {
  value = yamlencode("a")
}

output "c43069" {
  value = yamlencode("")
}

output "c43070" {
  value = yamlencode("true")
}

output "c43071" {
  value = yamlencode("1")
}

output "c43072" {
  value = yamlencode("null")
}

output "c43073" {
  value = yamlencode("a: b")
}

output "c43074" {
  value = yamlencode("multi\nline")
}

output "c43075" {
  value = yamlencode("multi\nline\n")
}

output "c43076" {
  value = yamlencode(" lead")
}

output "c43077" {
  value = yamlencode("tab\there")
}

output "c43078" {
  value = yamlencode("quote\"d")
}

output "c43079" {
  value = yamlencode("it's")
}

output "c43080" {
  value = yamlencode("é日")
}

output "c43081" {
  value = yamlencode("😀")
}

output "c43082" {
  value = yamlencode(1)
}

output "c43083" {
  value = yamlencode(1.5)
}

output "c43084" {
  value = yamlencode(1e20)
}

output "c43085" {
  value = yamlencode(1e-7)
}

output "c43086" {
  value = yamlencode(12345678901234567890)
}

output "c43087" {
  value = yamlencode(true)
}

output "c43088" {
  value = yamlencode([])
}

output "c43089" {
  value = yamlencode({})
}

output "c43090" {
  value = yamlencode([1, "a", null, true])
}

output "c43091" {
  value = yamlencode([[1, 2], [3]])
}

output "c43092" {
  value = yamlencode({ b = 1, a = "x" })
}

output "c43093" {
  value = yamlencode({ a = { b = { c = [] } } })
}

output "c43094" {
  value = yamlencode({ a = [{ b = 1, c = 2 }, { d = {} }] })
}

output "c43095" {
  value = yamlencode(toset(["b", "a"]))
}

output "c43096" {
  value = yamlencode({ "a b" = 1, "1" = 2, "true" = 3, "" = 4 })
}

output "c43097" {
  value = yamlencode("- x")
}

output "c43098" {
  value = yamlencode("# no")
}

output "c43099" {
  value = yamlencode("yes")
}

output "c43100" {
  value = yamlencode("0x1F")
}

output "c43101" {
  value = yamlencode("1e3")
}

output "c43102" {
  value = yamlencode("~")
}

output "c43103" {
  value = yamlencode("a\u0000b")
}

output "c43104" {
  value = yamlencode("\u0085")
}

output "c43105" {
  value = yamlencode({ a = "multi\n  line" })
}

output "c43106" {
  value = yamlencode("x: y\nz")
}

output "c43107" {
  value = yamlencode(join(" ", [for i in range(40) : "word"]))
}

output "c43108" {
  value = yamldecode("a")
}

output "c43109" {
  value = yamldecode("1")
}

output "c43110" {
  value = yamldecode("1.5")
}

output "c43111" {
  value = yamldecode("0x1F")
}

output "c43112" {
  value = yamldecode("0o17")
}

output "c43113" {
  value = yamldecode("017")
}

output "c43114" {
  value = yamldecode("0b11")
}

output "c43115" {
  value = yamldecode("1_000")
}

output "c43116" {
  value = yamldecode("1e3")
}

output "c43117" {
  value = yamldecode("~")
}

output "c43118" {
  value = yamldecode("null")
}

output "c43119" {
  value = yamldecode("true")
}

output "c43120" {
  value = yamldecode("True")
}

output "c43121" {
  value = yamldecode("yes")
}

output "c43122" {
  value = yamldecode("on")
}

output "c43123" {
  value = yamldecode("y")
}

output "c43124" {
  value = yamldecode("\"true\"")
}

output "c43125" {
  value = yamldecode("'it''s'")
}

output "c43126" {
  value = yamldecode("\"a\\nb\\u00e9\"")
}

output "c43127" {
  value = yamldecode("a: 1")
}

output "c43128" {
  value = yamldecode("a: 1\nb: 2")
}

output "c43129" {
  value = yamldecode("a: 1\na: 2")
}

output "c43130" {
  value = yamldecode("- 1\n- x\n- ~")
}

output "c43131" {
  value = yamldecode("[1, a, {b: c}]")
}

output "c43132" {
  value = yamldecode("{a: 1, b: [2]}")
}

output "c43133" {
  value = yamldecode("a:\n  - 1\n  - 2\nb:\n  c: d")
}

output "c43134" {
  value = yamldecode("a: |\n  x\n  y\n")
}

output "c43135" {
  value = yamldecode("a: >\n  x\n  y\n")
}

output "c43136" {
  value = yamldecode("a: |-\n  x\n  y\n")
}

output "c43137" {
  value = yamldecode("a: |+\n  x\n\n")
}

output "c43138" {
  value = yamldecode("a: >-\n  x\n\n  y\n")
}

output "c43139" {
  value = yamldecode("a: &x 1\nb: *x")
}

output "c43140" {
  value = yamldecode("a: &x {p: 1}\nb:\n  <<: *x\n  q: 2")
}

output "c43141" {
  value = yamldecode("---\na: 1")
}

output "c43142" {
  value = yamldecode("---\na: 1\n...")
}

output "c43143" {
  value = yamldecode("# c\na: 1 # d")
}

output "c43144" {
  value = yamldecode("!!str 1")
}

output "c43145" {
  value = yamldecode("!!int \"1\"")
}

output "c43146" {
  value = yamldecode("!!float 1")
}

output "c43147" {
  value = yamldecode("!!bool \"true\"")
}

output "c43148" {
  value = yamldecode("!!null \"\"")
}

output "c43149" {
  value = yamldecode("!!binary aGk=")
}

output "c43150" {
  value = yamldecode("1: a")
}

output "c43151" {
  value = yamldecode("true: a")
}

output "c43152" {
  value = yamldecode("? a\n: b")
}

output "c43153" {
  value = yamldecode("a: 'x\n  y'")
}

output "c43154" {
  value = yamldecode("a: x\n  y")
}

output "c43155" {
  value = yamldecode("multi word string")
}

output "c43156" {
  value = yamldecode("- - 1\n  - 2\n- - 3")
}

output "c43157" {
  value = yamldecode("a: \"\"\nb: ''\nc:")
}

output "c43158" {
  value = yamldecode("+1")
}

output "c43159" {
  value = yamldecode("-1")
}

output "c43160" {
  value = yamldecode("1.")
}

output "c43161" {
  value = yamldecode(".5")
}

output "c43162" {
  value = yamldecode("12345678901234567890")
}

output "c43163" {
  value = yamldecode("0.1")
}

output "c43164" {
  value = yamldecode("a: [\n1,\n2\n]")
}

output "c43165" {
  value = yamldecode("<<: {a: 1}")
}

output "c43166" {
  value = yamldecode("a: !!str true")
}

output "c43167" {
  value = yamldecode("é: ü")
}

output "c43168" {
  value = yamldecode(yamlencode({ a = [1, "x", null, { b = "multi\nline" }] }))
}

output "c43169" {
  value = yamldecode("- \n- 1")
}

output "c43170" {
  value = yamldecode("\ufeffa: 1")
}

output "c43171" {
  value = yamldecode("a: 1\r\nb: 2\r\n")
}

output "c43172" {
  value = yamldecode("%YAML 1.1\n---\na: 1")
}

output "c43173" {
  value = yamldecode("'a': 1\n\"b\": 2")
}

output "c43174" {
  value = yamldecode("a: {}\nb: []")
}

output "c43175" {
  value = yamldecode("key with spaces: v")
}

output "c43176" {
  value = yamldecode("url: http://x.y/z")
}

output "c43177" {
  value = yamldecode("t: 12:30:45")
}

output "c43178" {
  value = yamldecode("v: 1.2.3")
}

output "c43179" {
  value = yamldecode("x: 0777")
}

output "c43180" {
  value = yamldecode("x: 08")
}

output "c43181" {
  value = yamldecode("a: >2\n    x\n")
}

output "c43182" {
  value = yamldecode("a: off\nb: No\nc: NO\nd: n")
}

output "c43183" {
  value = base64encode("hello")
}

output "c43184" {
  value = base64encode("")
}

output "c43185" {
  value = base64encode("é")
}

output "c43186" {
  value = base64encode("\u0000")
}

output "c43187" {
  value = base64encode(1)
}

output "c43188" {
  value = base64encode("????>>>>")
}

output "c43189" {
  value = base64decode("aGVsbG8=")
}

output "c43190" {
  value = base64decode("")
}

output "c43191" {
  value = base64decode("aGVs\nbG8=")
}

output "c43192" {
  value = textencodebase64("hi", "UTF-8")
}

output "c43193" {
  value = textencodebase64("hi", "UTF-16LE")
}

output "c43194" {
  value = textencodebase64("hi", "UTF-16BE")
}

output "c43195" {
  value = textencodebase64("hi", "UTF-16")
}

output "c43196" {
  value = textencodebase64("é", "ISO-8859-1")
}

output "c43197" {
  value = textencodebase64("é", "windows-1252")
}

output "c43198" {
  value = textencodebase64("日", "Shift_JIS")
}

output "c43199" {
  value = textencodebase64("日", "EUC-JP")
}

output "c43200" {
  value = textencodebase64("日", "GBK")
}

output "c43201" {
  value = textencodebase64("한", "EUC-KR")
}

output "c43202" {
  value = textencodebase64("日", "Big5")
}

output "c43203" {
  value = textencodebase64("Я", "KOI8-R")
}

output "c43204" {
  value = textencodebase64("Я", "IBM866")
}

output "c43205" {
  value = textencodebase64("hi", "US-ASCII")
}

output "c43206" {
  value = textencodebase64("€", "windows-1252")
}

output "c43207" {
  value = textencodebase64("€", "ISO-8859-15")
}

output "c43208" {
  value = textencodebase64("é", "IBM437")
}

output "c43209" {
  value = textencodebase64("é", "macintosh")
}

output "c43210" {
  value = textdecodebase64("aABpAA==", "UTF-16LE")
}

output "c43211" {
  value = textdecodebase64("aGk=", "UTF-8")
}

output "c43212" {
  value = textdecodebase64("6Q==", "ISO-8859-1")
}

output "c43213" {
  value = textdecodebase64("k/o=", "Shift_JIS")
}

output "c43214" {
  value = textdecodebase64("AGgAaQ==", "UTF-16BE")
}

output "c43215" {
  value = textdecodebase64("//5oAGkA", "UTF-16")
}

output "c43216" {
  value = textdecodebase64("/v8AaABp", "UTF-16")
}

output "c43217" {
  value = urlencode("a b&c=d/e?f")
}

output "c43218" {
  value = urlencode("é日")
}

output "c43219" {
  value = urlencode("")
}

output "c43220" {
  value = urlencode("~-_.!*'()")
}

output "c43221" {
  value = urlencode("+%")
}

output "c43222" {
  value = urlencode("a\nb")
}

output "c43223" {
  value = urlencode(12)
}

output "c43224" {
  value = urlencode("http://x.y/z?a=b#c")
}

output "c43225" {
  value = base64sha256("x")
}

output "c43226" {
  value = base64sha512("x")
}

output "c43227" {
  value = filebase64("fixtures/note.txt")
}

output "c43228" {
  value = base64decode(base64encode("日本語"))
}

output "c43229" {
  value = urlencode(":@$,;\"<>[]{}|\\^`")
}

output "c43230" {
  value = timeadd("2017-11-22T00:00:00Z", "10m")
}

output "c43231" {
  value = timeadd("2017-11-22T00:00:00Z", "1h30m")
}

output "c43232" {
  value = timeadd("2017-11-22T00:00:00Z", "-24h")
}

output "c43233" {
  value = timeadd("2017-11-22T00:00:00Z", "1.5h")
}

output "c43234" {
  value = timeadd("2017-11-22T00:00:00Z", "1s500ms")
}

output "c43235" {
  value = timeadd("2017-11-22T00:00:00Z", "500ms")
}

output "c43236" {
  value = timeadd("2017-11-22T00:00:00Z", "1us")
}

output "c43237" {
  value = timeadd("2017-11-22T00:00:00Z", "1µs")
}

output "c43238" {
  value = timeadd("2017-11-22T00:00:00Z", "1ns")
}

output "c43239" {
  value = timeadd("2017-11-22T00:00:00Z", "0")
}

output "c43240" {
  value = timeadd("2017-11-22T00:00:00Z", "+1h")
}

output "c43241" {
  value = timeadd("2017-11-22T00:00:00+02:00", "1h")
}

output "c43242" {
  value = timeadd("2017-11-22T00:00:00.5Z", "1s")
}

output "c43243" {
  value = timeadd("2017-11-22T00:00:00Z", ".5h")
}

output "c43244" {
  value = timeadd("2017-11-22T00:00:00Z", "2562047h47m")
}

output "c43245" {
  value = timeadd("9999-12-31T23:59:59Z", "1s")
}

output "c43246" {
  value = timecmp("2017-11-22T00:00:00Z", "2017-11-22T00:00:00Z")
}

output "c43247" {
  value = timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00Z")
}

output "c43248" {
  value = timecmp("2017-11-22T01:00:00Z", "2017-11-22T00:00:00Z")
}

output "c43249" {
  value = timecmp("2017-11-22T01:00:00.1Z", "2017-11-22T01:00:00.10Z")
}

output "c43250" {
  value = formatdate("YYYY-MM", timeadd("2020-12-31T23:00:00Z", "2h"))
}

output "c43251" {
  value = md5("hello")
}

output "c43252" {
  value = md5("")
}

output "c43253" {
  value = md5("é")
}

output "c43254" {
  value = sha1("hello")
}

output "c43255" {
  value = sha256("hello")
}

output "c43256" {
  value = sha512("hello")
}

output "c43257" {
  value = base64sha256("hello")
}

output "c43258" {
  value = base64sha512("hello")
}

output "c43259" {
  value = md5(1)
}

output "c43260" {
  value = sha1("e\u0301") == sha1("\u00e9")
}

output "c43261" {
  value = filemd5("fixtures/note.txt")
}

output "c43262" {
  value = filesha1("fixtures/note.txt")
}

output "c43263" {
  value = filesha256("fixtures/note.txt")
}

output "c43264" {
  value = filesha512("fixtures/note.txt")
}

output "c43265" {
  value = filebase64sha256("fixtures/note.txt")
}

output "c43266" {
  value = filebase64sha512("fixtures/note.txt")
}

output "c43267" {
  value = uuidv5("dns", "www.terraform.io")
}

output "c43268" {
  value = uuidv5("url", "https://www.terraform.io/")
}

output "c43269" {
  value = uuidv5("oid", "1.3.6.1.4")
}

output "c43270" {
  value = uuidv5("x500", "CN=Example,C=GB")
}

output "c43271" {
  value = uuidv5("6ba7b8109dad11d180b400c04fd430c8", "x")
}

output "c43272" {
  value = uuidv5("dns", "é")
}

output "c43273" {
  value = sha256(jsonencode({ a = 1 }))
}

output "c43274" {
  value = substr(sha256("x"), 0, 8)
}

output "c43275" {
  value = parseint(substr(md5("a"), 0, 8), 16)
}

output "c43276" {
  value = cidrhost("10.12.112.0/20", 16)
}

output "c43277" {
  value = cidrhost("10.12.112.0/20", 268)
}

output "c43278" {
  value = cidrhost("10.12.112.0/20", -1)
}

output "c43279" {
  value = cidrhost("10.0.0.0/32", 0)
}

output "c43280" {
  value = cidrhost("10.0.0.0/31", 1)
}

output "c43281" {
  value = cidrhost("10.0.0.5/8", 1)
}

output "c43282" {
  value = cidrhost("fd00:fd12:3456:7890:00a2::/72", 34)
}

output "c43283" {
  value = cidrhost("::/0", 1)
}

output "c43284" {
  value = cidrhost("2001:db8::/32", -1)
}

output "c43285" {
  value = cidrhost("::ffff:10.0.0.0/120", 5)
}

output "c43286" {
  value = cidrhost("0.0.0.0/0", 4294967295)
}

output "c43287" {
  value = cidrhost("010.0.0.0/8", 1)
}

output "c43288" {
  value = cidrhost("10.0.0.0/8", "5")
}

output "c43289" {
  value = cidrhost("2001:db8::/64", 18446744073709551615)
}

output "c43290" {
  value = cidrhost("2001:db8::/64", 18446744073709551616)
}

output "c43291" {
  value = cidrnetmask("172.16.0.0/12")
}

output "c43292" {
  value = cidrnetmask("10.0.0.0/0")
}

output "c43293" {
  value = cidrnetmask("10.0.0.0/32")
}

output "c43294" {
  value = cidrnetmask("192.168.1.7/27")
}

output "c43295" {
  value = cidrsubnet("172.16.0.0/12", 4, 2)
}

output "c43296" {
  value = cidrsubnet("10.1.2.0/24", 4, 15)
}

output "c43297" {
  value = cidrsubnet("10.1.2.0/24", 8, 255)
}

output "c43298" {
  value = cidrsubnet("10.1.2.0/24", 0, 0)
}

output "c43299" {
  value = cidrsubnet("10.1.2.0/24", -1, 0)
}

output "c43300" {
  value = cidrsubnet("10.1.2.0/24", 1, -1)
}

output "c43301" {
  value = cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)
}

output "c43302" {
  value = cidrsubnet("2001:db8::/32", 96, 5)
}

output "c43303" {
  value = cidrsubnet("2001:db8::/32", 64, 18446744073709551615)
}

output "c43304" {
  value = cidrsubnet("10.1.2.3/24", 1, 1)
}

output "c43305" {
  value = cidrsubnet("10.0.0.0/8", "8", "1")
}

output "c43306" {
  value = cidrsubnet("0.0.0.0/0", 32, 5)
}

output "c43307" {
  value = cidrsubnet("::ffff:10.0.0.0/104", 8, 1)
}

output "c43308" {
  value = cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)
}

output "c43309" {
  value = cidrsubnets("10.1.0.0/16")
}

output "c43310" {
  value = cidrsubnets("fd00:fd12:3456:7890::/56", 16, 16, 16, 32)
}

output "c43311" {
  value = cidrsubnets("10.1.0.0/16", [4, 4]...)
}

output "c43312" {
  value = [for i in range(3) : cidrsubnet("10.0.0.0/8", 8, i)]
}

output "c43313" {
  value = [for c in cidrsubnets("10.0.0.0/8", 4, 4) : cidrhost(c, 1)]
}

output "c43314" {
  value = cidrhost(cidrsubnet("10.0.0.0/8", 8, 3), 10)
}

output "c43315" {
  value = split("/", "10.0.0.0/8")[1]
}
