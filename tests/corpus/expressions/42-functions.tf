output "c42001" {
  value = abs(-1)
}

output "c42002" {
  value = abs(0)
}

output "c42003" {
  value = abs("-2.5")
}

output "c42004" {
  value = ceil(5)
}

output "c42005" {
  value = ceil(5.1)
}

output "c42006" {
  value = ceil(-5.1)
}

output "c42007" {
  value = ceil(1e30)
}

output "c42008" {
  value = floor(5.9)
}

output "c42009" {
  value = floor(-5.1)
}

output "c42010" {
  value = floor("3.7")
}

output "c42011" {
  value = log(50, 10)
}

output "c42012" {
  value = log(16, 2)
}

output "c42013" {
  value = log(8, 2)
}

output "c42014" {
  value = log(1, 10)
}

output "c42015" {
  value = log(10, 0)
}

output "c42016" {
  value = log(2.718281828459045, 2.718281828459045)
}

output "c42017" {
  value = log(100, 10)
}

output "c42018" {
  value = log(1000, 10)
}

output "c42019" {
  value = log(3, 10)
}

output "c42020" {
  value = max(1)
}

output "c42021" {
  value = max(5, 12, 9)
}

output "c42022" {
  value = max([1, 2]...)
}

output "c42023" {
  value = max("3", 2)
}

output "c42024" {
  value = min(1, 2, -3)
}

output "c42025" {
  value = min("10", "9")
}

output "c42026" {
  value = min(0.1, 0.01)
}

output "c42027" {
  value = max(tolist([1, 5])...)
}

output "c42028" {
  value = max(toset([1, 5])...)
}

output "c42029" {
  value = parseint("100", 10)
}

output "c42030" {
  value = parseint("FF", 16)
}

output "c42031" {
  value = parseint("-10", 2)
}

output "c42032" {
  value = parseint("aA", 62)
}

output "c42033" {
  value = parseint("z", 36)
}

output "c42034" {
  value = parseint("+7", 10)
}

output "c42035" {
  value = parseint("999999999999999999999999", 10)
}

output "c42036" {
  value = pow(2, 10)
}

output "c42037" {
  value = pow(2, 0.5)
}

output "c42038" {
  value = pow(2, -1)
}

output "c42039" {
  value = pow(0, 0)
}

output "c42040" {
  value = pow(-2, 3)
}

output "c42041" {
  value = pow(10, 20)
}

output "c42042" {
  value = pow(2, 64)
}

output "c42043" {
  value = pow(3, 100)
}

output "c42044" {
  value = pow(1.1, 10)
}

output "c42045" {
  value = pow(4, 1.5)
}

output "c42046" {
  value = pow("2", "3")
}

output "c42047" {
  value = signum(-13)
}

output "c42048" {
  value = signum(0)
}

output "c42049" {
  value = signum(344)
}

output "c42050" {
  value = signum("-1")
}

output "c42051" {
  value = sum([1, 2, 3])
}

output "c42052" {
  value = sum([1.5, "2"])
}

output "c42053" {
  value = sum([0.1, 0.2])
}

output "c42054" {
  value = sum(toset([1, 1, 2]))
}

output "c42055" {
  value = sum(tolist([10, 20]))
}

output "c42056" {
  value = sum([1e20, 1])
}

output "c42057" {
  value = sum([-1, 1])
}

output "c42058" {
  value = range(3)
}

output "c42059" {
  value = range(0)
}

output "c42060" {
  value = range(1, 4)
}

output "c42061" {
  value = range(1, 8, 2)
}

output "c42062" {
  value = range(4, 1)
}

output "c42063" {
  value = range(4, 1, -1)
}

output "c42064" {
  value = range(10, 5, -2)
}

output "c42065" {
  value = range(0, 1, 0.25)
}

output "c42066" {
  value = range(1.5)
}

output "c42067" {
  value = range(-3)
}

output "c42068" {
  value = range(5, 5)
}

output "c42069" {
  value = range("3")
}

output "c42070" {
  value = floor(1/3)
}

output "c42071" {
  value = ceil(2/3)
}

output "c42072" {
  value = log(1024, 2)
}

output "c42073" {
  value = log(81, 3)
}

output "c42074" {
  value = log(125, 5)
}

output "c42075" {
  value = floor(log(1024, 2))
}

output "c42076" {
  value = abs(-12345678901234567890.5)
}

output "c42077" {
  value = floor(12345678901234567890.5)
}

output "c42078" {
  value = chomp("hello\n")
}

output "c42079" {
  value = chomp("hello\r\n")
}

output "c42080" {
  value = chomp("hello\n\n\r\n")
}

output "c42081" {
  value = chomp("hello\r")
}

output "c42082" {
  value = chomp("\nhello")
}

output "c42083" {
  value = indent(2, "a\nb\n\nc")
}

output "c42084" {
  value = indent(0, "a\nb")
}

output "c42085" {
  value = indent(3, "")
}

output "c42086" {
  value = join(", ", ["a", "b"])
}

output "c42087" {
  value = join("", ["a", "b"])
}

output "c42088" {
  value = join(",", [])
}

output "c42089" {
  value = join(",", [1, true, "x"])
}

output "c42090" {
  value = join(",", ["a"], ["b", "c"])
}

output "c42091" {
  value = join(",", toset(["b", "a"]))
}

output "c42092" {
  value = lower("ÀÉÎ")
}

output "c42093" {
  value = lower("İ")
}

output "c42094" {
  value = upper("straße")
}

output "c42095" {
  value = upper("éàü")
}

output "c42096" {
  value = upper("ǆ")
}

output "c42097" {
  value = upper("ﬁ")
}

output "c42098" {
  value = lower("ΑΣ")
}

output "c42099" {
  value = title("hello world")
}

output "c42100" {
  value = title("HELLO wORLD")
}

output "c42101" {
  value = title("a-b c_d e'f")
}

output "c42102" {
  value = title("élan vital")
}

output "c42103" {
  value = title("ǆabc")
}

output "c42104" {
  value = replace("hello", "l", "L")
}

output "c42105" {
  value = replace("hello", "/l+/", "_")
}

output "c42106" {
  value = replace("hello", "/(h)(e)/", "$2$1")
}

output "c42107" {
  value = replace("a.b.c", ".", "-")
}

output "c42108" {
  value = replace("a.b.c", "/./", "-")
}

output "c42109" {
  value = replace("abc", "", "-")
}

output "c42110" {
  value = replace("abc", "/", "-")
}

output "c42111" {
  value = replace("/a/b/", "/", "-")
}

output "c42112" {
  value = replace("abc", "/b/", "$0$0")
}

output "c42113" {
  value = replace("abc", "/(?P<x>b)/", "$${x}$x")
}

output "c42114" {
  value = replace("abc", "/(?P<x>b)/", "$x1")
}

output "c42115" {
  value = replace("abc", "/b/", "$$")
}

output "c42116" {
  value = replace("abc", "/z*/", "-")
}

output "c42117" {
  value = split(",", "a,b,c")
}

output "c42118" {
  value = split(",", "")
}

output "c42119" {
  value = split("", "abc")
}

output "c42120" {
  value = split("", "")
}

output "c42121" {
  value = split(",", ",a,")
}

output "c42122" {
  value = split("ab", "xabyabz")
}

output "c42123" {
  value = split("", "é日")
}

output "c42124" {
  value = split(",", "nothing")
}

output "c42125" {
  value = strrev("hello")
}

output "c42126" {
  value = strrev("é日")
}

output "c42127" {
  value = strrev("e\u0301x")
}

output "c42128" {
  value = strrev("👨‍👩‍👧a")
}

output "c42129" {
  value = strrev("")
}

output "c42130" {
  value = substr("hello", 1, 3)
}

output "c42131" {
  value = substr("hello", 0, 0)
}

output "c42132" {
  value = substr("hello", -3, 2)
}

output "c42133" {
  value = substr("hello", -3, -1)
}

output "c42134" {
  value = substr("hello", 1, -1)
}

output "c42135" {
  value = substr("hello", 10, 1)
}

output "c42136" {
  value = substr("hello", 2, 100)
}

output "c42137" {
  value = substr("hello", -10, 3)
}

output "c42138" {
  value = substr("日本語", 1, 1)
}

output "c42139" {
  value = substr("e\u0301a", 0, 1)
}

output "c42140" {
  value = substr("", 0, 1)
}

output "c42141" {
  value = substr("hello", 5, 1)
}

output "c42142" {
  value = substr("hello", 1, -2)
}

output "c42143" {
  value = trim("  x  ", " ")
}

output "c42144" {
  value = trim("?!hello?!", "!?")
}

output "c42145" {
  value = trim("abcba", "ab")
}

output "c42146" {
  value = trim("", "x")
}

output "c42147" {
  value = trim("xx", "")
}

output "c42148" {
  value = trim("éaé", "é")
}

output "c42149" {
  value = trimprefix("helloworld", "hello")
}

output "c42150" {
  value = trimprefix("hello", "x")
}

output "c42151" {
  value = trimprefix("aaab", "a")
}

output "c42152" {
  value = trimprefix("x", "")
}

output "c42153" {
  value = trimsuffix("helloworld", "world")
}

output "c42154" {
  value = trimsuffix("abb", "b")
}

output "c42155" {
  value = trimspace("  \t\n hi \r\n")
}

output "c42156" {
  value = trimspace("\u00a0x\u00a0")
}

output "c42157" {
  value = trimspace("\u2003x\u3000")
}

output "c42158" {
  value = trimspace("\u200bx")
}

output "c42159" {
  value = startswith("hello", "he")
}

output "c42160" {
  value = startswith("hello", "")
}

output "c42161" {
  value = startswith("hello", "lo")
}

output "c42162" {
  value = startswith("", "a")
}

output "c42163" {
  value = endswith("hello", "lo")
}

output "c42164" {
  value = endswith("hello", "")
}

output "c42165" {
  value = strcontains("hello", "ell")
}

output "c42166" {
  value = strcontains("hello", "")
}

output "c42167" {
  value = strcontains("hello", "L")
}

output "c42168" {
  value = strcontains(123, 2)
}

output "c42169" {
  value = length("")
}

output "c42170" {
  value = length("日本")
}

output "c42171" {
  value = length("e\u0301")
}

output "c42172" {
  value = upper(1)
}

output "c42173" {
  value = upper(true)
}

output "c42174" {
  value = format("%s", upper("ß"))
}

output "c42175" {
  value = coalesce("", "b")
}

output "c42176" {
  value = coalesce(null, "", "c")
}

output "c42177" {
  value = join(",", [for s in split(" ", "the quick fox") : title(s)])
}

output "c42178" {
  value = trim("\n\tx\n", "\n\t")
}

output "c42179" {
  value = title("")
}

output "c42180" {
  value = title("123abc")
}

output "c42181" {
  value = title("o'neil mc-donald")
}

output "c42182" {
  value = title("\u00dfx")
}

output "c42183" {
  value = indent(4, "é\n日")
}

output "c42184" {
  value = chomp("")
}

output "c42185" {
  value = chomp("\n")
}

output "c42186" {
  value = format("Hello, %s!", "x")
}

output "c42187" {
  value = format("%d", 5)
}

output "c42188" {
  value = format("%d", "7")
}

output "c42189" {
  value = format("%d", null)
}

output "c42190" {
  value = format("%5d|", 42)
}

output "c42191" {
  value = format("%-5d|", 42)
}

output "c42192" {
  value = format("%05d", 42)
}

output "c42193" {
  value = format("%+d", 42)
}

output "c42194" {
  value = format("% d", 42)
}

output "c42195" {
  value = format("%x", 255)
}

output "c42196" {
  value = format("%X", 255)
}

output "c42197" {
  value = format("%#x", 255)
}

output "c42198" {
  value = format("%o", 8)
}

output "c42199" {
  value = format("%#o", 8)
}

output "c42200" {
  value = format("%b", 5)
}

output "c42201" {
  value = format("%e", 1234.5678)
}

output "c42202" {
  value = format("%E", 1234.5678)
}

output "c42203" {
  value = format("%f", 3.14159)
}

output "c42204" {
  value = format("%.2f", 3.14159)
}

output "c42205" {
  value = format("%8.2f|", 3.14159)
}

output "c42206" {
  value = format("%-8.2f|", 3.14159)
}

output "c42207" {
  value = format("%08.2f", 3.14159)
}

output "c42208" {
  value = format("%+.1f", 3.14159)
}

output "c42209" {
  value = format("%g", 100000)
}

output "c42210" {
  value = format("%g", 1000000)
}

output "c42211" {
  value = format("%g", 1e21)
}

output "c42212" {
  value = format("%g", 0.00001)
}

output "c42213" {
  value = format("%G", 1e-10)
}

output "c42214" {
  value = format("%.3g", 1234.5678)
}

output "c42215" {
  value = format("%s", 1)
}

output "c42216" {
  value = format("%s", 1.5)
}

output "c42217" {
  value = format("%s", true)
}

output "c42218" {
  value = format("%s", null)
}

output "c42219" {
  value = format("%q", "a\"b")
}

output "c42220" {
  value = format("%q", 1)
}

output "c42221" {
  value = format("%q", "é\n")
}

output "c42222" {
  value = format("%v", "x")
}

output "c42223" {
  value = format("%v", 1)
}

output "c42224" {
  value = format("%v", true)
}

output "c42225" {
  value = format("%v", null)
}

output "c42226" {
  value = format("%v", [1, "a"])
}

output "c42227" {
  value = format("%v", { a = 1 })
}

output "c42228" {
  value = format("%#v", "x")
}

output "c42229" {
  value = format("%#v", 1)
}

output "c42230" {
  value = format("%#v", null)
}

output "c42231" {
  value = format("%#v", [1, "a", null])
}

output "c42232" {
  value = format("%#v", { a = { b = true } })
}

output "c42233" {
  value = format("%t", true)
}

output "c42234" {
  value = format("%t", "true")
}

output "c42235" {
  value = format("%%")
}

output "c42236" {
  value = format("100%%")
}

output "c42237" {
  value = format("%[1]s %[1]s", "a")
}

output "c42238" {
  value = format("%[2]s %[1]s", "a", "b")
}

output "c42239" {
  value = format("%10s|", "abc")
}

output "c42240" {
  value = format("%-10s|", "abc")
}

output "c42241" {
  value = format("%010s|", "abc")
}

output "c42242" {
  value = format("%.2s", "abc")
}

output "c42243" {
  value = format("%5.1s|", "abc")
}

output "c42244" {
  value = format("%5s|", "日本")
}

output "c42245" {
  value = format("%-5s|", "é")
}

output "c42246" {
  value = format("%.1s", "e\u0301x")
}

output "c42247" {
  value = format("%10q|", "a")
}

output "c42248" {
  value = format("%5t|", true)
}

output "c42249" {
  value = format("%-7t|", false)
}

output "c42250" {
  value = format("%5v|", null)
}

output "c42251" {
  value = format("%10v|", [1])
}

output "c42252" {
  value = format("%d%%", 50)
}

output "c42253" {
  value = format("%03d-%s", 7, "a")
}

output "c42254" {
  value = format("%d", 12345678901234567890)
}

output "c42255" {
  value = format("%x", 12345678901234567890)
}

output "c42256" {
  value = format("%f", 1e20)
}

output "c42257" {
  value = format("%d", -5)
}

output "c42258" {
  value = format("%05d", -5)
}

output "c42259" {
  value = format("%x", -255)
}

output "c42260" {
  value = format("%b", -5)
}

output "c42261" {
  value = format("%.0f", 2.5)
}

output "c42262" {
  value = format("%.0f", 3.5)
}

output "c42263" {
  value = format("%.10f", 0.1)
}

output "c42264" {
  value = format("%.20f", 0.1)
}

output "c42265" {
  value = format("%.50f", 0.1)
}

output "c42266" {
  value = format("%5.3d|", 7)
}

output "c42267" {
  value = format("%+s", "x")
}

output "c42268" {
  value = format("%#q", "x")
}

output "c42269" {
  value = format("% x", 255)
}

output "c42270" {
  value = format("%e", 0)
}

output "c42271" {
  value = format("%g", 0)
}

output "c42272" {
  value = format("%s", "")
}

output "c42273" {
  value = format("")
}

output "c42274" {
  value = format("%s", 1/3)
}

output "c42275" {
  value = format("%v", 1/3)
}

output "c42276" {
  value = format("%g", 1/3)
}

output "c42277" {
  value = format("%f", "1.5")
}

output "c42278" {
  value = format("%t", null)
}

output "c42279" {
  value = format("%q", null)
}

output "c42280" {
  value = format("%f", null)
}

output "c42281" {
  value = formatlist("%s", ["a", "b"])
}

output "c42282" {
  value = formatlist("%s-%s", "x", ["a", "b"])
}

output "c42283" {
  value = formatlist("%s-%s", ["x", "y"], ["a", "b"])
}

output "c42284" {
  value = formatlist("%s", [])
}

output "c42285" {
  value = formatlist("%s", "x")
}

output "c42286" {
  value = formatlist("%d%%", [1, 2])
}

output "c42287" {
  value = formatlist("%s", toset(["b", "a"]))
}

output "c42288" {
  value = formatlist("x")
}

output "c42289" {
  value = formatlist("%s", null)
}

output "c42290" {
  value = formatlist("%s", [1, true, "a"])
}

output "c42291" {
  value = formatlist("%s=%v", ["a", "b"], [[1], [2]])
}

output "c42292" {
  value = formatlist("%s %s", [], "x")
}

output "c42293" {
  value = formatlist("%v", { a = 1 })
}

output "c42294" {
  value = formatlist("%s.%s", ["a", "b"], toset(["c", "d"]))
}

output "c42295" {
  value = formatlist("%[2]s-%[1]s", ["a"], ["b"])
}

output "c42296" {
  sensitive = true
  value = formatlist("%s", [sensitive("a"), "b"])
}

output "c42297" {
  sensitive = true
  value = formatlist("%s", sensitive(["a", "b"]))
}

output "c42298" {
  value = regex("[a-z]+", "123abc456")
}

output "c42299" {
  value = regex("([a-z]+)([0-9]+)", "abc123")
}

output "c42300" {
  value = regex("(?P<l>[a-z]+)(?P<n>[0-9]+)", "abc123")
}

output "c42301" {
  value = regex("(?P<l>[a-z]+)|(?P<n>[0-9]+)", "123")
}

output "c42302" {
  value = regex("(a)|(b)", "b")
}

output "c42303" {
  value = regex("^$", "")
}

output "c42304" {
  value = regex("(?i)ABC", "xabcx")
}

output "c42305" {
  value = regex("(?s)a.b", "a\nb")
}

output "c42306" {
  value = regex("(?m)^b$", "a\nb")
}

output "c42307" {
  value = regex("a{2,3}", "aaaa")
}

output "c42308" {
  value = regex("a{2,3}?", "aaaa")
}

output "c42309" {
  value = regex("a{0,}b", "aab")
}

output "c42310" {
  value = regex("\\d{3}-\\d{4}", "tel 555-1234")
}

output "c42311" {
  value = regex("\\bfoo\\b", "a foo b")
}

output "c42312" {
  value = regex("[[:alpha:]]+", "12ab")
}

output "c42313" {
  value = regex("[[:digit:]]+", "ab12")
}

output "c42314" {
  value = regex("\\p{L}+", "1éà2")
}

output "c42315" {
  value = regex("\\p{Greek}+", "abcαβγ")
}

output "c42316" {
  value = regex("\\pN+", "ab٣٤")
}

output "c42317" {
  value = regex("[^\\x00-\\x7F]+", "abé日c")
}

output "c42318" {
  value = regex("\\x{65e5}", "日本")
}

output "c42319" {
  value = regex("\\Qa.b\\E", "xa.bx")
}

output "c42320" {
  value = regex("(?:ab)+", "ababab")
}

output "c42321" {
  value = regex("(?<n>a)", "a")
}

output "c42322" {
  value = regex("(?P<1>a)", "a")
}

output "c42323" {
  value = regex("(?P<a>x)(?P<a>y)", "xy")
}

output "c42324" {
  value = regex("(?U)a+", "aaa")
}

output "c42325" {
  value = regex("(?i:A)b", "ab")
}

output "c42326" {
  value = regex("\\z", "a")
}

output "c42327" {
  value = regex("\\A\\w+", "abc d")
}

output "c42328" {
  value = regex(".", "日")
}

output "c42329" {
  value = regex("\\s+", "a \t\nb")
}

output "c42330" {
  value = regex("\\S+", "  x  ")
}

output "c42331" {
  value = regex("\\W", "a-b")
}

output "c42332" {
  value = regex("\\D+", "12ab")
}

output "c42333" {
  value = regex("[\\d\\-]+", "a12-3")
}

output "c42334" {
  value = regex("[\\w.]+@[\\w.]+", "mail bob@ex.com now")
}

output "c42335" {
  value = regex("(\\d+)\\.(\\d+)\\.(\\d+)", "v1.22.333")
}

output "c42336" {
  value = regex("^(?:(?P<scheme>[^:/?#]+):)?(?://(?P<authority>[^/?#]*))?", "https://terraform.io/docs/")
}

output "c42337" {
  value = regex("a|ab", "ab")
}

output "c42338" {
  value = regex("(a*)*", "aaa")
}

output "c42339" {
  value = regex("(a+|b)*", "ab")
}

output "c42340" {
  value = regex("", "abc")
}

output "c42341" {
  value = regex("(z)?a", "a")
}

output "c42342" {
  value = regex("(?P<z>z)?a", "a")
}

output "c42343" {
  value = regexall("[a-z]", "a1b2")
}

output "c42344" {
  value = regexall("([a-z])([0-9])", "a1b2")
}

output "c42345" {
  value = regexall("(?P<l>[a-z])(?P<n>[0-9])", "a1b2")
}

output "c42346" {
  value = regexall("x", "abc")
}

output "c42347" {
  value = regexall("(x)", "abc")
}

output "c42348" {
  value = regexall("(?P<q>x)", "abc")
}

output "c42349" {
  value = regexall("", "ab")
}

output "c42350" {
  value = regexall("a*", "baac")
}

output "c42351" {
  value = regexall("a*?", "baac")
}

output "c42352" {
  value = regexall("\\b", "a b")
}

output "c42353" {
  value = regexall("(a)|(b)", "ab")
}

output "c42354" {
  value = regexall("\\w+", "the quick fox")
}

output "c42355" {
  value = length(regexall("o", "foo boo"))
}

output "c42356" {
  value = regexall("日", "日本日")
}

output "c42357" {
  value = regexall("(?m)^.", "ab\ncd")
}

output "c42358" {
  value = regexall("$", "ab")
}

output "c42359" {
  value = regex(1, 1)
}

output "c42360" {
  value = replace("aXbX", "/X$/", "!")
}

output "c42361" {
  value = replace("foo bar", "/(\\w+) (\\w+)/", "$2 $1")
}

output "c42362" {
  value = replace("foo", "/o/", "$1")
}

output "c42363" {
  value = replace("foo", "/(o)/", "<$1>")
}

output "c42364" {
  value = replace("foo", "/(o)/", "<$${1}>")
}

output "c42365" {
  value = replace("foo", "/(?i)O/", "0")
}

output "c42366" {
  value = replace("a\nb", "/\\n/", " ")
}

output "c42367" {
  value = replace("aaa", "/a{2}/", "b")
}

output "c42368" {
  value = replace("abc", "/(?P<m>b)/", "[$m]")
}

output "c42369" {
  value = replace("abc", "/(?P<m>b)/", "[$${m}]")
}

output "c42370" {
  value = replace("x", "/x/", "a$")
}

output "c42371" {
  value = replace("x", "/x/", "$10")
}

output "c42372" {
  value = replace("日本", "/本/", "x")
}

output "c42373" {
  value = alltrue([true, true])
}

output "c42374" {
  value = alltrue([])
}

output "c42375" {
  value = alltrue([true, null])
}

output "c42376" {
  value = alltrue(["true", true])
}

output "c42377" {
  value = alltrue([false, null])
}

output "c42378" {
  value = alltrue(toset([true]))
}

output "c42379" {
  value = anytrue([false, true])
}

output "c42380" {
  value = anytrue([])
}

output "c42381" {
  value = anytrue([null])
}

output "c42382" {
  value = anytrue([null, true])
}

output "c42383" {
  value = anytrue(["false"])
}

output "c42384" {
  value = chunklist([1, 2, 3], 2)
}

output "c42385" {
  value = chunklist([], 2)
}

output "c42386" {
  value = chunklist([1, 2, 3], 0)
}

output "c42387" {
  value = chunklist([1, "a", true], 2)
}

output "c42388" {
  value = chunklist(toset(["b", "a"]), 1)
}

output "c42389" {
  value = coalescelist([], [1])
}

output "c42390" {
  value = coalescelist([1], [2])
}

output "c42391" {
  value = coalescelist(tolist([]), ["a"])
}

output "c42392" {
  value = coalesce(1, 2)
}

output "c42393" {
  value = coalesce(null, 2)
}

output "c42394" {
  value = coalesce("", 2)
}

output "c42395" {
  value = coalesce([], [1])
}

output "c42396" {
  value = coalesce(null, [1])
}

output "c42397" {
  value = coalesce({}, { a = 1 })
}

output "c42398" {
  value = coalesce(1, "a")
}

output "c42399" {
  value = coalesce(true, "a")
}

output "c42400" {
  value = coalesce(false, true)
}

output "c42401" {
  value = coalesce(0, 1)
}

output "c42402" {
  value = coalesce(null, 1, "x")
}

output "c42403" {
  value = coalesce([1], ["a"])
}

output "c42404" {
  value = coalesce(tolist([]), [1])
}

output "c42405" {
  value = compact(["a", "", "b", null])
}

output "c42406" {
  value = compact([])
}

output "c42407" {
  value = compact([1, "", true])
}

output "c42408" {
  value = compact(toset(["a", ""]))
}

output "c42409" {
  value = compact([""])
}

output "c42410" {
  value = concat([1], [2, 3])
}

output "c42411" {
  value = concat([], [])
}

output "c42412" {
  value = concat([1])
}

output "c42413" {
  value = concat([1], ["a"])
}

output "c42414" {
  value = concat(tolist([1]), tolist(["a"]))
}

output "c42415" {
  value = concat(tolist([1]), [2])
}

output "c42416" {
  value = concat([[]], [[1]])
}

output "c42417" {
  value = concat(tolist([]), [{ a = 1 }])
}

output "c42418" {
  value = concat(tolist(["a"]), tolist([]))
}

output "c42419" {
  value = contains([1, 2], 2)
}

output "c42420" {
  value = contains([1, 2], "2")
}

output "c42421" {
  value = contains(["a", 1], 1)
}

output "c42422" {
  value = contains(toset(["a"]), "a")
}

output "c42423" {
  value = contains([], 1)
}

output "c42424" {
  value = contains(tolist([1, 2]), "1")
}

output "c42425" {
  value = contains([{ a = 1 }], { a = 1 })
}

output "c42426" {
  value = contains([[1]], [1])
}

output "c42427" {
  value = contains(["true"], true)
}

output "c42428" {
  value = distinct([1, 2, 1])
}

output "c42429" {
  value = distinct([])
}

output "c42430" {
  value = distinct(["a", "b", "a", "B"])
}

output "c42431" {
  value = distinct([1, "1", true, "true"])
}

output "c42432" {
  value = distinct([{ a = 1 }, { a = 1 }])
}

output "c42433" {
  value = distinct([[1], [1], [2]])
}

output "c42434" {
  value = distinct(toset(["a"]))
}

output "c42435" {
  value = distinct([null, null, 1])
}

output "c42436" {
  value = element([1, 2, 3], 1)
}

output "c42437" {
  value = element([1, 2, 3], 3)
}

output "c42438" {
  value = element([1, 2, 3], 7)
}

output "c42439" {
  value = element(["a", 1], 1)
}

output "c42440" {
  value = element(tolist(["a", "b"]), 5)
}

output "c42441" {
  value = element([1], "0")
}

output "c42442" {
  value = flatten([[1, 2], [3]])
}

output "c42443" {
  value = flatten([1, [2, [3, [4]]]])
}

output "c42444" {
  value = flatten([])
}

output "c42445" {
  value = flatten([[], []])
}

output "c42446" {
  value = flatten([[1], null])
}

output "c42447" {
  value = flatten([{ a = [1] }])
}

output "c42448" {
  value = flatten(toset([[1], [2]]))
}

output "c42449" {
  value = flatten([toset(["b", "a"]), "c"])
}

output "c42450" {
  value = flatten([tolist([]), tolist(["a"])])
}

output "c42451" {
  value = flatten(tolist([["a"], ["b"]]))
}

output "c42452" {
  value = flatten([["a", ["b"]], "c", [[[]]]])
}

output "c42453" {
  value = index(["a", "b"], "b")
}

output "c42454" {
  value = index(tolist(["a"]), "a")
}

output "c42455" {
  value = length([1, 2])
}

output "c42456" {
  value = length({ a = 1 })
}

output "c42457" {
  value = length("abc")
}

output "c42458" {
  value = length(toset(["a", "a"]))
}

output "c42459" {
  value = length([])
}

output "c42460" {
  value = length({})
}

output "c42461" {
  value = matchkeys(["a", "b", "c"], ["x", "y", "x"], ["x"])
}

output "c42462" {
  value = matchkeys(["a"], ["x"], [])
}

output "c42463" {
  value = matchkeys([], [], ["x"])
}

output "c42464" {
  value = matchkeys([1, 2], ["1", "2"], [1])
}

output "c42465" {
  value = matchkeys(["a"], [1], ["1"])
}

output "c42466" {
  value = matchkeys([[1]], ["x"], ["x"])
}

output "c42467" {
  value = one([])
}

output "c42468" {
  value = one([1])
}

output "c42469" {
  value = one(toset(["a"]))
}

output "c42470" {
  value = one(toset([]))
}

output "c42471" {
  value = one([null])
}

output "c42472" {
  value = one(tolist([]))
}

output "c42473" {
  value = reverse([1, 2, 3])
}

output "c42474" {
  value = reverse([])
}

output "c42475" {
  value = reverse(["a", 1, true])
}

output "c42476" {
  value = reverse(toset(["a", "b"]))
}

output "c42477" {
  value = reverse(tolist([3, 1]))
}

output "c42478" {
  value = slice([1, 2, 3, 4], 1, 3)
}

output "c42479" {
  value = slice([1, 2], 0, 0)
}

output "c42480" {
  value = slice([1, 2], 0, 2)
}

output "c42481" {
  value = slice(["a", 1, true], 1, 3)
}

output "c42482" {
  value = slice(tolist(["a", "b"]), 1, 2)
}

output "c42483" {
  value = slice([], 0, 0)
}

output "c42484" {
  value = sort(["b", "a", "C"])
}

output "c42485" {
  value = sort([])
}

output "c42486" {
  value = sort([10, 9, 1])
}

output "c42487" {
  value = sort(["é", "e", "z"])
}

output "c42488" {
  value = sort(toset(["b", "a"]))
}

output "c42489" {
  value = sort([true, false])
}

output "c42490" {
  value = sort(["", " ", "a"])
}

output "c42491" {
  value = sort(["a10", "a9", "a1"])
}

output "c42492" {
  value = sum([1, 2])
}

output "c42493" {
  value = keys({ b = 1, a = 2 })
}

output "c42494" {
  value = keys({})
}

output "c42495" {
  value = keys(tomap({ z = 1, y = 2 }))
}

output "c42496" {
  value = keys({ "10" = 1, "9" = 2, "é" = 3, "Z" = 4 })
}

output "c42497" {
  value = values({ b = 1, a = "x" })
}

output "c42498" {
  value = values(tomap({ b = 1, a = 2 }))
}

output "c42499" {
  value = values({})
}

output "c42500" {
  value = values({ a = null })
}

output "c42501" {
  value = lookup({ a = 1 }, "a")
}

output "c42502" {
  value = lookup({ a = 1 }, "b", 9)
}

output "c42503" {
  value = lookup({ a = "x" }, "b", "d")
}

output "c42504" {
  value = lookup({ a = 1 }, "b", "d")
}

output "c42505" {
  value = lookup({ a = 1, c = "x" }, "b", "d")
}

output "c42506" {
  value = lookup(tomap({ a = 1 }), "b", "5")
}

output "c42507" {
  value = lookup({ a = [1] }, "b", [])
}

output "c42508" {
  value = lookup({}, "a", null)
}

output "c42509" {
  value = lookup({ a = null }, "a", "d")
}

output "c42510" {
  value = lookup({}, "x", {})
}

output "c42511" {
  value = merge({ a = 1 }, { b = 2 })
}

output "c42512" {
  value = merge({ a = 1 }, { a = 2 })
}

output "c42513" {
  value = merge({ a = 1 }, { a = "x" })
}

output "c42514" {
  value = merge()
}

output "c42515" {
  value = merge({})
}

output "c42516" {
  value = merge({ a = 1 }, null)
}

output "c42517" {
  value = merge(null, null)
}

output "c42518" {
  value = merge(null)
}

output "c42519" {
  value = merge(tomap({ a = 1 }), { b = "x" })
}

output "c42520" {
  value = merge(tomap({ a = 1 }), tomap({ b = 2 }))
}

output "c42521" {
  value = merge(tomap({ a = 1 }), tomap({ b = "x" }))
}

output "c42522" {
  value = merge(tomap({}), {})
}

output "c42523" {
  value = merge([{ a = 1 }, { b = 2 }]...)
}

output "c42524" {
  value = merge([]...)
}

output "c42525" {
  value = merge({ a = { x = 1 } }, { a = { y = 2 } })
}

output "c42526" {
  value = merge({ a = null }, { b = 1 })
}

output "c42527" {
  value = merge({ a = 1 }, { a = null })
}

output "c42528" {
  value = merge(tomap({ a = 1 }), tomap({ a = 2 }), tomap({ c = 3 }))
}

output "c42529" {
  value = setintersection(["a", "b"], ["b", "c"])
}

output "c42530" {
  value = setintersection(["a"])
}

output "c42531" {
  value = setintersection([], ["a"])
}

output "c42532" {
  value = setintersection([1, 2], ["2"])
}

output "c42533" {
  value = setintersection(["a"], ["b"], ["a"])
}

output "c42534" {
  value = setsubtract(["a", "b"], ["b"])
}

output "c42535" {
  value = setsubtract([], ["a"])
}

output "c42536" {
  value = setsubtract(["a"], [])
}

output "c42537" {
  value = setsubtract([1, 2], ["1"])
}

output "c42538" {
  value = setsubtract([[1]], [[1]])
}

output "c42539" {
  value = setunion(["a"], ["b"])
}

output "c42540" {
  value = setunion(["b", "a"], ["a"], ["c"])
}

output "c42541" {
  value = setunion([])
}

output "c42542" {
  value = setunion([], [])
}

output "c42543" {
  value = setunion([1], ["a"])
}

output "c42544" {
  value = setunion([[1]], [["a"]])
}

output "c42545" {
  value = setunion([{ a = 1 }], [{ a = 2 }])
}

output "c42546" {
  value = setunion([null], ["a"])
}

output "c42547" {
  value = setproduct(["a", "b"], [1, 2])
}

output "c42548" {
  value = setproduct(["a"], [])
}

output "c42549" {
  value = setproduct([], [])
}

output "c42550" {
  value = setproduct(["a", "b"], ["c"], ["d", "e"])
}

output "c42551" {
  value = setproduct(toset(["b", "a"]), toset(["x"]))
}

output "c42552" {
  value = setproduct(toset(["b", "a"]), ["x"])
}

output "c42553" {
  value = setproduct([1, "a"], [true])
}

output "c42554" {
  value = setproduct([[1]], ["a"])
}

output "c42555" {
  value = setproduct(tolist([1, 2]), [3])
}

output "c42556" {
  value = transpose({ a = ["x", "y"], b = ["y"] })
}

output "c42557" {
  value = transpose({})
}

output "c42558" {
  value = transpose({ a = [] })
}

output "c42559" {
  value = transpose({ a = [1, 2] })
}

output "c42560" {
  value = transpose({ b = ["z", "a"], a = ["z"] })
}

output "c42561" {
  value = zipmap(["a", "b"], [1, 2])
}

output "c42562" {
  value = zipmap([], [])
}

output "c42563" {
  value = zipmap(["a", "a"], [1, 2])
}

output "c42564" {
  value = zipmap(["a", "b"], [1, "x"])
}

output "c42565" {
  value = zipmap(["a", "b"], tolist([1, 2]))
}

output "c42566" {
  value = zipmap([1, true], ["a", "b"])
}

output "c42567" {
  value = tomap({ for k in ["a", "b"] : k => length(k) })
}

output "c42568" {
  value = toset(["a", "b"]) == toset(["b", "a"])
}

output "c42569" {
  value = tolist(setunion(["c"], ["a"]))[0]
}

output "c42570" {
  value = length(setproduct(range(3), range(4)))
}

output "c42571" {
  value = { for k, v in merge({ a = 1 }, { b = 2 }) : k => v + 1 }
}

output "c42572" {
  value = element(keys({ x = 1, y = 2 }), 3)
}

output "c42573" {
  value = contains(keys({ a = 1 }), "a")
}

output "c42574" {
  value = contains(values({ a = 1 }), 1)
}

output "c42575" {
  value = zipmap(keys({ a = 1 }), values({ a = 1 }))
}

output "c42576" {
  value = { for k, v in transpose({ a = ["1"] }) : k => join(",", v) }
}

output "c42577" {
  value = sort(tolist(toset(["q", "b"])))
}

output "c42578" {
  value = flatten([for k, v in { a = [1, 2], b = [3] } : [for i in v : "${k}${i}"]])
}

output "c42579" {
  value = merge({ for k in ["a"] : k => 1 }, { z = "s" })
}

output "c42580" {
  value = tomap({ a = tolist([1]), b = tolist([]) })
}

output "c42581" {
  value = toset([for o in [{ n = "x" }, { n = "x" }] : o.n])
}

output "c42582" {
  value = setunion(toset([true]), [false])
}

output "c42583" {
  value = { a = 1 }["a"] + lookup({ b = 2 }, "b", 0)
}
