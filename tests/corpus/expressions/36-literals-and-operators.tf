output "c36001" {
  value = 1 + 2 * 3 - 4 / 5
}

output "c36002" {
  value = 7 / 3
}

output "c36003" {
  value = -7 / 3
}

output "c36004" {
  value = 2 / 3 * 3
}

output "c36005" {
  value = 10 % 3
}

output "c36006" {
  value = -10 % 3
}

output "c36007" {
  value = 10 % -3
}

output "c36008" {
  value = 5.5 % 2
}

output "c36009" {
  value = -5.5 % 2
}

output "c36010" {
  value = 1 / 3 + 1 / 3 + 1 / 3
}

output "c36011" {
  value = 0.1 + 0.7
}

output "c36012" {
  value = 0.1 * 3
}

output "c36013" {
  value = 1e100
}

output "c36014" {
  value = 1e-10
}

output "c36015" {
  value = 123456789.123456789
}

output "c36016" {
  value = 1.0
}

output "c36017" {
  value = 1.50
}

output "c36018" {
  value = 0 * -1
}

output "c36019" {
  value = -(-3)
}

output "c36020" {
  value = - - 3
}

output "c36021" {
  value = --3
}

output "c36022" {
  value = 1 - -1
}

output "c36023" {
  value = !true
}

output "c36024" {
  value = !!true
}

output "c36025" {
  value = !(1 > 2)
}

output "c36026" {
  value = 2 * (3 + 4) * 5
}

output "c36027" {
  value = 1000000 * 1000000 * 1000000 * 1000000
}

output "c36028" {
  value = 1 / 1000000000
}

output "c36029" {
  value = 3 - 3
}

output "c36030" {
  value = 99999999999999999999 + 1
}

output "c36031" {
  value = 100000000000000000000000000000000 - 1
}

output "c36032" {
  value = "4" + "5"
}

output "c36033" {
  value = "4" * 2
}

output "c36034" {
  value = -"5"
}

output "c36035" {
  value = 1e3 + 0
}

output "c36036" {
  value = 1E3
}

output "c36037" {
  value = 0.5e1
}

output "c36038" {
  value = 1.7976931348623157e308 * 10
}

output "c36039" {
  value = 22 / 7
}

output "c36040" {
  value = 1/7
}

output "c36041" {
  value = 2e3 % 7
}

output "c36042" {
  value = (1 + 2) % 2 == 1
}

output "c36043" {
  value = 5 % 0.3
}

output "c36044" {
  value = 0 / 5
}

output "c36045" {
  value = 0.0
}

output "c36046" {
  value = 1e0
}

output "c36047" {
  value = 12345678901234567890 * 98765432109876543210
}

output "c36048" {
  value = -5 % 5
}

output "c36049" {
  value = 5 % 0
}

output "c36050" {
  value = !"true"
}

output "c36051" {
  value = 1 + "1.5"
}

output "c36052" {
  value = 1 + "1e2"
}

output "c36053" {
  value = 1 + "+5"
}

output "c36054" {
  value = 1 + "-5"
}

output "c36055" {
  value = 1 + ".5"
}

output "c36056" {
  value = 1 + "5."
}

output "c36057" {
  value = 1 + "017"
}

output "c36058" {
  value = 1 == 1.0
}

output "c36059" {
  value = "1" == 1
}

output "c36060" {
  value = true == "true"
}

output "c36061" {
  value = null == null
}

output "c36062" {
  value = null == 1
}

output "c36063" {
  value = null == ""
}

output "c36064" {
  value = [] == []
}

output "c36065" {
  value = [1, 2] == [1, 2]
}

output "c36066" {
  value = [1, 2] == tolist([1, 2])
}

output "c36067" {
  value = tolist([1]) == tolist(["1"])
}

output "c36068" {
  value = tolist([]) == tolist([])
}

output "c36069" {
  value = toset([1, 2]) == toset([2, 1])
}

output "c36070" {
  value = { a = 1 } == { a = 1 }
}

output "c36071" {
  value = { a = 1, b = 2 } == { b = 2, a = 1 }
}

output "c36072" {
  value = { a = 1 } == { a = "1" }
}

output "c36073" {
  value = {} == tomap({})
}

output "c36074" {
  value = { a = 1 } == tomap({ a = 1 })
}

output "c36075" {
  value = tomap({ a = 1 }) == tomap({ a = 1 })
}

output "c36076" {
  value = [null] == [null]
}

output "c36077" {
  value = "a" != "b"
}

output "c36078" {
  value = "a" == "A"
}

output "c36079" {
  value = 1 != "1"
}

output "c36080" {
  value = 1 < 2
}

output "c36081" {
  value = 2 <= 2
}

output "c36082" {
  value = 3 > 3
}

output "c36083" {
  value = "2" < "10"
}

output "c36084" {
  value = true && false
}

output "c36085" {
  value = true && "true"
}

output "c36086" {
  value = "false" || "true"
}

output "c36087" {
  value = 1 < 2 && 2 < 3
}

output "c36088" {
  value = 1 < 2 == true
}

output "c36089" {
  value = true == 1 < 2
}

output "c36090" {
  value = !false && false
}

output "c36091" {
  value = !(false && false)
}

output "c36092" {
  value = false || true && false
}

output "c36093" {
  value = (false || true) && false
}

output "c36094" {
  value = 1 == 1 ? "a" : "b"
}

output "c36095" {
  value = true == true == true
}

output "c36096" {
  value = "é" == "é"
}

output "c36097" {
  value = "e\u0301" == "\u00e9"
}

output "c36098" {
  value = [1, "a", true] == [1, "a", true]
}

output "c36099" {
  value = tolist(["a"]) == toset(["a"])
}

output "c36100" {
  value = { a = null } == { a = null }
}

output "c36101" {
  value = { a = null } == {}
}

output "c36102" {
  value = 12345678901234567890 == 12345678901234567891
}

output "c36103" {
  value = 0.1 + 0.2 == 0.3
}

output "c36104" {
  value = "1.0" == "1"
}

output "c36105" {
  value = tonumber("1.0") == tonumber("1")
}

output "c36106" {
  value = [for x in [1,2] : x] == [1, 2]
}

output "c36107" {
  value = [] == tolist([])
}

output "c36108" {
  value = "" == null
}

output "c36109" {
  value = 0 == false
}

output "c36110" {
  value = "" == false
}

output "c36111" {
  value = [[]] == [[]]
}

output "c36112" {
  value = -1 < -2
}

output "c36113" {
  value = -1 == - 1
}

output "c36114" {
  value = contains([1, 2], 1) && !contains([1, 2], 3)
}

output "c36115" {
  value = "tab\there"
}

output "c36116" {
  value = "nl\nhere"
}

output "c36117" {
  value = "cr\rhere"
}

output "c36118" {
  value = "quote\"here"
}

output "c36119" {
  value = "back\\slash"
}

output "c36120" {
  value = "uni\u00e9"
}

output "c36121" {
  value = "uni\U0001F600"
}

output "c36122" {
  value = "dollar $${x}"
}

output "c36123" {
  value = "percent %%{x}"
}

output "c36124" {
  value = "$"
}

output "c36125" {
  value = "$$"
}

output "c36126" {
  value = "%%"
}

output "c36127" {
  value = "$x"
}

output "c36128" {
  value = "a $ {b}"
}

output "c36129" {
  value = "${"a"}"
}

output "c36130" {
  value = "${1}"
}

output "c36131" {
  value = "${true}"
}

output "c36132" {
  value = "${1.50}"
}

output "c36133" {
  value = "${null}"
}

output "c36134" {
  value = "a${"b${"c"}"}"
}

output "c36135" {
  value = "${[1]}"
}

output "c36136" {
  value = "${{a=1}}"
}

output "c36137" {
  value = "${1 + 1}${2 + 2}"
}

output "c36138" {
  value = "${~ "a" ~}"
}

output "c36139" {
  value = " ${~ "a" ~} "
}

output "c36140" {
  value = "a  ${~ 1 ~}  b"
}

output "c36141" {
  value = "a\n  ${~ 1 ~}  \nb"
}

output "c36142" {
  value = "${upper("x")}-${lower("Y")}"
}

output "c36143" {
  value = "日本語"
}

output "c36144" {
  value = "😀"
}

output "c36145" {
  value = "e\u0301"
}

output "c36146" {
  value = length("e\u0301")
}

output "c36147" {
  value = length("👨‍👩‍👧")
}

output "c36148" {
  value = length("🇫🇷🇩🇪")
}

output "c36149" {
  value = "\u0000"
}

output "c36150" {
  value = "a\u0000b"
}

output "c36151" {
  value = "\u202e"
}

output "c36152" {
  value = "<>&"
}

output "c36153" {
  value = "${"\""}"
}

output "c36154" {
  value = "$${"
}

output "c36155" {
  value = "%%{"
}

output "c36156" {
  value = "$$$${a}"
}

output "c36157" {
  value = "100%"
}

output "c36158" {
  value = "100% of"
}

output "c36159" {
  value = "${"%"}{x}"
}

output "c36160" {
  value = "${  "sp"  }"
}

output "c36161" {
  value = "${true ? "y" : "n"}"
}

output "c36162" {
  value = "${1e20}"
}

output "c36163" {
  value = "${0.1}"
}

output "c36164" {
  value = "${1/3}"
}

output "c36165" {
  value = "${12345678901234567890}"
}

output "c36166" {
  value = "${1e-7}"
}

output "c36167" {
  value = "${100000000000000000000000}"
}

output "c36168" {
  value = "$${1}${1}"
}

output "c36169" {
  value = "%{ if true }a%{ endif }"
}

output "c36170" {
  value = "${"$"}{a}"
}

output "c36171" {
  value = "\""
}

output "c36172" {
  value = "\u00e9" == "é"
}

output "c36173" {
  value = "A\u030a"
}

output "c36174" {
  value = "tab	inside"
}

output "c36175" {
  value = <<EOT
hello
world
EOT
}

output "c36176" {
  value = <<-EOT
    hello
      world
    EOT
}

output "c36177" {
  value = <<-EOT
  a

    b
  EOT
}

output "c36178" {
  value = <<EOT
EOT
}

output "c36179" {
  value = <<EOT

EOT
}

output "c36180" {
  value = <<EOT
${1 + 1}
%{ if true }yes%{ else }no%{ endif }
EOT
}

output "c36181" {
  value = <<-EOT
	tab
	  more
	EOT
}

output "c36182" {
  value = <<EOT
"quoted" \n not escaped \\ \t
EOT
}

output "c36183" {
  value = <<EOT
$${not} %%{if}
EOT
}

output "c36184" {
  value = <<-EOT
    ${"x"}
  y
    EOT
}

output "c36185" {
  value = <<-EOT
    a
   ${"x"} 
      b
EOT
}

output "c36186" {
  value = <<EOT
%{ for x in ["a", "b"] ~}
- ${x}
%{ endfor ~}
EOT
}

output "c36187" {
  value = <<EOT
%{ for x in ["a", "b"] }
- ${x}
%{ endfor }
EOT
}

output "c36188" {
  value = <<-EOT
    %{ for i, x in ["a", "b"] ~}
    ${i}: ${x}
    %{ endfor ~}
    end
    EOT
}

output "c36189" {
  value = upper(<<EOT
abc
EOT
)
}

output "c36190" {
  value = [<<A
one
A
, <<B
two
B
]
}

output "c36191" {
  value = { a = <<EOT
x
EOT
  b = 1 }
}

output "c36192" {
  value = trimspace(<<-EOT
   padded
   EOT
)
}

output "c36193" {
  value = <<EOT
a\
b
EOT
}

output "c36194" {
  value = <<E_O-T
x
E_O-T
}

output "c36195" {
  value = <<EOT
   EOT
}

output "c36196" {
  value = split("\n", <<EOT
a
b

EOT
)
}

output "c36197" {
  value = <<-EOT
  日本
    語
  EOT
}

output "c36198" {
  value = <<EOT
trailing   
	tab	
EOT
}

output "c36199" {
  value = <<-EOT
    line ${
      1 + 1
    } end
      more
    EOT
}

output "c36200" {
  value = <<EOT
${<<IN
inner
IN
}
EOT
}

output "c36201" {
  value = <<EOT
  ${~ "a" ~}
b
EOT
}

output "c36202" {
  value = <<-EOT
  %{~ if true ~}
  x
  %{~ endif ~}
  EOT
}

output "c36203" {
  value = <<-EOT
    a
  
      b
    EOT
}

output "c36204" {
  value = jsondecode(<<EOT
{"a": [1, 2, {"b": null}]}
EOT
)
}

output "c36205" {
  value = yamldecode(<<-EOT
  a: 1
  b:
    - x
    - y: z
  EOT
)
}

output "c36206" {
  value = "${<<A
x
A
}"
}

output "c36207" {
  value = "%{ if true }y%{ else }n%{ endif }"
}

output "c36208" {
  value = "%{ if false }y%{ endif }"
}

output "c36209" {
  value = "%{if 1 > 2}a%{else}b%{endif}"
}

output "c36210" {
  value = "%{ if true ~}  y  %{~ endif }"
}

output "c36211" {
  value = "%{ for x in [1, 2, 3] }${x},%{ endfor }"
}

output "c36212" {
  value = "%{ for i, x in ["a", "b"] }${i}=${x};%{ endfor }"
}

output "c36213" {
  value = "%{ for k, v in { b = 2, a = 1 } }${k}${v}%{ endfor }"
}

output "c36214" {
  value = "%{ for x in toset(["b", "a"]) }${x}%{ endfor }"
}

output "c36215" {
  value = "%{ for x in [] }never%{ endfor }"
}

output "c36216" {
  value = "%{ for x in [1, 2] ~} ${x} %{~ endfor }"
}

output "c36217" {
  value = "a%{ if true }%{ if false }b%{ else }c%{ endif }%{ endif }d"
}

output "c36218" {
  value = "%{ for x in [1, 2] }%{ if x == 1 }one%{ else }other%{ endif } %{ endfor }"
}

output "c36219" {
  value = "%{ for x in [[1, 2], [3]] }%{ for y in x }${y}%{ endfor };%{ endfor }"
}

output "c36220" {
  value = "%{ if true }${"x"}%{ endif }"
}

output "c36221" {
  value = "%{ if "true" }x%{ endif }"
}

output "c36222" {
  value = "%{ if true }1%{ endif }" + 1
}

output "c36223" {
  value = "%{ for x in [1] }${x}%{ endfor }" + 1
}

output "c36224" {
  value = "%{~ if true ~} a %{~ endif ~} "
}

output "c36225" {
  value = " %{ if true } a %{ endif } "
}

output "c36226" {
  value = "\n%{ if true ~}\n a\n%{ endif ~}\n"
}

output "c36227" {
  value = "%{ if false }%{ endif }"
}

output "c36228" {
  value = "%{ if true }%{ endif }"
}

output "c36229" {
  value = "%{ for n in range(3) }${n * n}%{ endfor }"
}

output "c36230" {
  value = "%{ for k in keys({z=1,y=2}) }${k}%{ endfor }"
}

output "c36231" {
  value = "%{ for v in { a = { n = 1 } } }${v.n}%{ endfor }"
}

output "c36232" {
  value = "%{ for i, v in toset(["q"]) }${i}${v}%{ endfor }"
}

output "c36233" {
  value = "${"%{ if true }x%{ endif }"}"
}

output "c36234" {
  sensitive = true
  value = "%{ if sensitive(true) }y%{ else }n%{ endif }"
}

output "c36235" {
  sensitive = true
  value = "%{ for x in sensitive([1, 2]) }${x}%{ endfor }"
}

output "c36236" {
  sensitive = true
  value = "%{ for x in [sensitive(1), 2] }${x}%{ endfor }"
}

output "c36237" {
  value = <<EOT
%{ if true ~}
yes
%{ else ~}
no
%{ endif ~}
after
EOT
}

output "c36238" {
  value = <<EOT
list:
%{ for k, v in { a = 1, b = 2 } ~}
  ${k} = ${v}
%{ endfor ~}
EOT
}

output "c36239" {
  value = <<-EOT
  %{ if true }
  a
  %{ else }
  b
  %{ endif }
  EOT
}

output "c36240" {
  value = true ? 1 : "a"
}

output "c36241" {
  value = false ? 1 : "a"
}

output "c36242" {
  value = true ? [1] : ["a"]
}

output "c36243" {
  value = true ? [1, 2] : ["a"]
}

output "c36244" {
  value = true ? {} : { a = 1 }
}

output "c36245" {
  value = false ? {} : { a = 1 }
}

output "c36246" {
  value = true ? null : 1
}

output "c36247" {
  value = false ? null : 1
}

output "c36248" {
  value = true ? null : null
}

output "c36249" {
  value = true ? "a" : null
}

output "c36250" {
  value = true ? [] : [1]
}

output "c36251" {
  value = false ? [] : ["x"]
}

output "c36252" {
  value = true ? [] : null
}

output "c36253" {
  value = true ? tolist([]) : [1, 2]
}

output "c36254" {
  value = true ? { a = 1 } : { a = "x" }
}

output "c36255" {
  value = true ? { a = 1 } : { b = "x" }
}

output "c36256" {
  value = false ? { a = 1 } : { b = "x" }
}

output "c36257" {
  value = true ? { a = 1, b = 2 } : { a = 1 }
}

output "c36258" {
  value = true ? { a = [1] } : { a = ["x"] }
}

output "c36259" {
  value = true ? { a = { b = 1 } } : { a = {} }
}

output "c36260" {
  value = true ? [{ a = 1 }] : []
}

output "c36261" {
  value = true ? [{ a = 1 }] : [{ b = 1 }]
}

output "c36262" {
  value = true ? toset(["a"]) : ["b"]
}

output "c36263" {
  value = true ? ["b"] : toset(["a"])
}

output "c36264" {
  value = true ? tolist(["a"]) : [1]
}

output "c36265" {
  value = true ? tomap({ a = 1 }) : { b = "x" }
}

output "c36266" {
  value = true ? { b = "x" } : tomap({ a = 1 })
}

output "c36267" {
  value = true ? "1" : true
}

output "c36268" {
  value = "true" ? 1 : 2
}

output "c36269" {
  value = "false" ? 1 : 2
}

output "c36270" {
  value = true ? false ? 1 : 2 : 3
}

output "c36271" {
  value = false ? 1 : false ? 2 : 3
}

output "c36272" {
  value = true ? 1 : 1 / 0
}

output "c36273" {
  value = true ? 1 : [][0]
}

output "c36274" {
  value = 1 > 2 ? "a" : 2 > 1 ? "b" : "c"
}

output "c36275" {
  value = (true ? "a" : 1) == "a"
}

output "c36276" {
  value = length(true ? [1, 2] : [])
}

output "c36277" {
  value = true ? tolist([1]) : tolist(["a"])
}

output "c36278" {
  value = true ? tolist([[1]]) : tolist([["a"]])
}

output "c36279" {
  value = true ? tomap({}) : { a = [1] }
}

output "c36280" {
  value = true ? [1, [2]] : [1, ["x"]]
}

output "c36281" {
  value = true ? [1, "a"] : []
}

output "c36282" {
  value = true ? toset([]) : toset([1])
}

output "c36283" {
  value = true ? toset([1]) : toset(["a"])
}

output "c36284" {
  value = true ? {a = null} : {a = 1}
}

output "c36285" {
  value = false ? {a = null} : {a = 1}
}

output "c36286" {
  value = true ? [null] : [1]
}

output "c36287" {
  value = true ? [null, 1] : ["a", null]
}

output "c36288" {
  value = true ? [null] : [[1]]
}

output "c36289" {
  value = true ? { a = 1, b = "x" } : {}
}

output "c36290" {
  value = true ? { a = 1, b = 2 } : { c = 3, d = 4, e = 5 }
}

output "c36291" {
  value = true ? [{a=1},{b=2}] : [{c=3}]
}

output "c36292" {
  value = true ? {x={a=1}} : {y={b=1}}
}

output "c36293" {
  value = false ? {x={a=1}} : {y={b="z"}}
}

output "c36294" {
  value = true ? [[], [1]] : [[2], []]
}

output "c36295" {
  value = true ? [[]] : [[1]]
}

output "c36296" {
  value = true ? [[1], []] : []
}

output "c36297" {
  value = issensitive(true ? sensitive(1) : 2)
}

output "c36298" {
  value = issensitive(sensitive(true) ? 1 : 2)
}

output "c36299" {
  sensitive = true
  value = sensitive(true) ? 1 : 2
}

output "c36300" {
  sensitive = true
  value = true ? sensitive(1) : "x"
}

output "c36301" {
  sensitive = true
  value = false ? sensitive(1) : "x"
}

output "c36302" {
  value = "${true ? 1 : "x"}"
}

output "c36303" {
  value = [for x in [1, 2, 3] : x > 1 ? x : "no"]
}

output "c36304" {
  value = true ? jsondecode("{\"a\":1}") : { a = "z" }
}

output "c36305" {
  value = true ? jsondecode("[1]") : ["z"]
}

output "c36306" {
  value = true ? jsondecode("null") : "a"
}

output "c36307" {
  value = [for x in [1, 2, 3] : x * 2]
}

output "c36308" {
  value = [for i, x in ["a", "b"] : "${i}${x}"]
}

output "c36309" {
  value = [for k, v in { a = 1, b = 2 } : "${k}=${v}"]
}

output "c36310" {
  value = [for v in { a = 1, b = 2 } : v]
}

output "c36311" {
  value = [for x in toset(["b", "a"]) : upper(x)]
}

output "c36312" {
  value = [for k, v in toset(["b", "a"]) : "${k}${v}"]
}

output "c36313" {
  value = { for x in ["a", "b"] : x => upper(x) }
}

output "c36314" {
  value = { for i, x in ["a", "b"] : i => x }
}

output "c36315" {
  value = { for k, v in { a = 1 } : v => k }
}

output "c36316" {
  value = { for x in ["a", "b", "a"] : x => x... }
}

output "c36317" {
  value = { for x in [1, 2, 3, 4] : x % 2 == 0 ? "even" : "odd" => x... }
}

output "c36318" {
  value = [for x in [1, 2, 3, 4] : x if x % 2 == 0]
}

output "c36319" {
  value = [for x in [] : x]
}

output "c36320" {
  value = { for x in [] : x => x }
}

output "c36321" {
  value = { for x in [] : x => x... }
}

output "c36322" {
  value = [for x in [[1, 2], [3]] : [for y in x : y + 1]]
}

output "c36323" {
  value = flatten([for x in [1, 2] : [for y in ["a", "b"] : "${x}${y}"]])
}

output "c36324" {
  value = { for x in [1] : x => null }
}

output "c36325" {
  value = { for x in [true] : x => 1 }
}

output "c36326" {
  value = { for x in [1.5] : x => 1 }
}

output "c36327" {
  value = [for x in [1, 2] : x if "true"]
}

output "c36328" {
  value = [for x in [{ a = 1 }, { a = 2 }] : x.a]
}

output "c36329" {
  value = [for x in [{ a = 1, ok = true }, { a = 2, ok = false }] : x.a if x.ok]
}

output "c36330" {
  value = { for k, v in { a = [1], b = [] } : k => v if length(v) > 0 }
}

output "c36331" {
  value = [for x in tolist([1, 2]) : x]
}

output "c36332" {
  value = [for x in [1, "a", true, null] : x]
}

output "c36333" {
  value = tolist([for x in [1, 2] : tostring(x)])
}

output "c36334" {
  value = toset([for x in ["a", "A"] : lower(x)])
}

output "c36335" {
  value = { for k, v in { a = { x = 1 }, b = { x = 2 } } : k => v.x }
}

output "c36336" {
  value = { for p in setproduct(["a", "b"], ["x"]) : "${p[0]}-${p[1]}" => p }
}

output "c36337" {
  value = { for s in ["k=v", "a=b"] : split("=", s)[0] => split("=", s)[1] }
}

output "c36338" {
  value = [for i in range(3) : i]
}

output "c36339" {
  value = [for i in range(0, 10, 3) : i]
}

output "c36340" {
  value = [for k in sort(keys({ b = 1, a = 2 })) : k]
}

output "c36341" {
  value = [for x in [3, 1, 2] : x if x != 1]
}

output "c36342" {
  value = { for k, v in { a = 1, b = 2 } : upper(k) => v * 10 if v > 1 }
}

output "c36343" {
  value = [for s in ["a", "b"] : { name = s }]
}

output "c36344" {
  value = [for x, y in { b = 1, a = 2, C = 3, "10" = 4, "9" = 5 } : x]
}

output "c36345" {
  sensitive = true
  value = [for x in sensitive(["a"]) : x]
}

output "c36346" {
  sensitive = true
  value = [for x in [sensitive("a"), "b"] : x]
}

output "c36347" {
  sensitive = true
  value = { for k, v in sensitive({ a = 1 }) : k => v }
}

output "c36348" {
  sensitive = true
  value = { for k, v in { a = sensitive(1) } : k => v }
}

output "c36349" {
  value = issensitive([for x in sensitive([1]) : x])
}

output "c36350" {
  sensitive = true
  value = { for x in [sensitive("a")] : x => 1 }
}

output "c36351" {
  sensitive = true
  value = [for x in [1, 2] : x if sensitive(true)]
}

output "c36352" {
  sensitive = true
  value = [for x in [1, 2] : x if x == sensitive(1)]
}

output "c36353" {
  value = [ for x in [1] : [for x in [2] : x] ]
}

output "c36354" {
  value = [for local in [1] : local]
}

output "c36355" {
  value = [for each in [1] : each]
}

output "c36356" {
  value = [for x in [{a=[{b=1}]}] : [for y in x.a : y.b]]
}

output "c36357" {
  value = merge([for x in ["a", "b"] : { (x) = 1 }]...)
}

output "c36358" {
  value = {for i, x in ["a","b"] : x => i...}
}

output "c36359" {
  value = [for k, v in [10, 20] : k + v]
}

output "c36360" {
  value = [for x in {} : x]
}

output "c36361" {
  value = { for k, v in {} : k => v }
}

output "c36362" {
  value = [for x in tomap({}) : x]
}

output "c36363" {
  value = zipmap([for i in range(2) : "k${i}"], [for i in range(2) : i])
}

output "c36364" {
  value = []
}

output "c36365" {
  value = {}
}

output "c36366" {
  value = [1, "a", true, null]
}

output "c36367" {
  value = [[], {}]
}

output "c36368" {
  value = { a = 1, "b" = 2, (upper("c")) = 3 }
}

output "c36369" {
  value = { a : 1, b : 2 }
}

output "c36370" {
  value = { "a" : 1, b = 2 }
}

output "c36371" {
  value = { 1 = "one" }
}

output "c36372" {
  value = { true = 1 }
}

output "c36373" {
  value = { null = 1 }
}

output "c36374" {
  value = { ("x") = 1 }
}

output "c36375" {
  value = { "${"k"}${1}" = 1 }
}

output "c36376" {
  value = { "a-b" = 1 }
}

output "c36377" {
  value = { a-b = 1 }
}

output "c36378" {
  value = { (true) = 1 }
}

output "c36379" {
  value = { (1.5) = 1 }
}

output "c36380" {
  value = { a = 1, a = 2 }
}

output "c36381" {
  value = { a = 1, "a" = 2 }
}

output "c36382" {
  value = { if = 1, in = 2, else = 3 }
}

output "c36383" {
  value = { a = { b = { c = { d = 1 } } } }
}

output "c36384" {
  value = [1, 2, 3,]
}

output "c36385" {
  value = { a = 1, }
}

output "c36386" {
  value = {
  a = 1
  b = [
    1,
    2,
  ]
}
}

output "c36387" {
  value = {
  a = 1, b = 2
  c = 3,
}
}

output "c36388" {
  value = [
  # comment
  1, // two
  2, /* three */
]
}

output "c36389" {
  value = {
  # c
  a = 1 # d
  // e
  b = 2
}
}

output "c36390" {
  value = tolist([1, "a"])
}

output "c36391" {
  value = tolist([1, 2])
}

output "c36392" {
  value = tolist([true, "x"])
}

output "c36393" {
  value = tolist([[1], ["a"]])
}

output "c36394" {
  value = tolist([{ a = 1 }, { a = "x" }])
}

output "c36395" {
  value = tolist([{ a = 1 }, { b = 1 }])
}

output "c36396" {
  value = tolist([])
}

output "c36397" {
  value = tolist([null])
}

output "c36398" {
  value = tolist([null, 1])
}

output "c36399" {
  value = tolist(null)
}

output "c36400" {
  value = tomap({ a = 1, b = "x" })
}

output "c36401" {
  value = tomap({ a = { x = 1 }, b = { x = "y" } })
}

output "c36402" {
  value = tomap({ a = { x = 1 }, b = { y = 2 } })
}

output "c36403" {
  value = tomap({})
}

output "c36404" {
  value = tomap(null)
}

output "c36405" {
  value = toset([])
}

output "c36406" {
  value = toset([1, 1, "1"])
}

output "c36407" {
  value = toset([1, "a", true])
}

output "c36408" {
  value = toset([null])
}

output "c36409" {
  value = toset([null, "a"])
}

output "c36410" {
  value = toset(["b", "a", "C", "10", "9"])
}

output "c36411" {
  value = toset([3, 1, 10, 2])
}

output "c36412" {
  value = toset([true, false, true])
}

output "c36413" {
  value = toset([[2], [1]])
}

output "c36414" {
  value = toset([{ a = 2 }, { a = 1 }])
}

output "c36415" {
  value = toset(null)
}

output "c36416" {
  value = tolist(toset(["z", "a"]))
}

output "c36417" {
  value = toset(tolist(["z", "a", "z"]))
}

output "c36418" {
  sensitive = true
  value = { (sensitive("a")) = 1 }
}

output "c36419" {
  sensitive = true
  value = [sensitive(1), 2]
}

output "c36420" {
  sensitive = true
  value = { a = sensitive(1) }
}

output "c36421" {
  value = [(1)]
}

output "c36422" {
  value = { a = (1) }
}

output "c36423" {
  value = { a = true ? 1 : 2, b = !false }
}

output "c36424" {
  value = { "" = 1 }
}

output "c36425" {
  value = { " " = 1, "\n" = 2 }
}

output "c36426" {
  value = { "é" = 1, "e\u0301" = 2 }
}

output "c36427" {
  value = { é = 1 }
}

output "c36428" {
  value = { _a = 1 }
}

output "c36429" {
  value = { a1_b-c = 1 }
}

output "c36430" {
  value = tostring(1)
}

output "c36431" {
  value = tostring(1.50)
}

output "c36432" {
  value = tostring(1e21)
}

output "c36433" {
  value = tostring(0.000001)
}

output "c36434" {
  value = tostring(true)
}

output "c36435" {
  value = tostring("x")
}

output "c36436" {
  value = tostring(null)
}

output "c36437" {
  value = tonumber("1")
}

output "c36438" {
  value = tonumber("1.50")
}

output "c36439" {
  value = tonumber("1e5")
}

output "c36440" {
  value = tonumber(null)
}

output "c36441" {
  value = tonumber("1p3")
}

output "c36442" {
  value = tonumber("+1")
}

output "c36443" {
  value = tonumber("1.7e-400")
}

output "c36444" {
  value = tonumber("0.1")
}

output "c36445" {
  value = tonumber("00012")
}

output "c36446" {
  value = tonumber("1e+2")
}

output "c36447" {
  value = tonumber("1E2")
}

output "c36448" {
  value = tonumber("1.e2")
}

output "c36449" {
  value = tobool("true")
}

output "c36450" {
  value = tobool("false")
}

output "c36451" {
  value = tobool("1")
}

output "c36452" {
  value = tobool("0")
}

output "c36453" {
  value = tobool(null)
}

output "c36454" {
  value = tolist(toset([2, 1]))
}

output "c36455" {
  value = toset(["x", "x"])
}

output "c36456" {
  value = tomap({ a = "x", b = null })
}

output "c36457" {
  value = tomap(tomap({a=1}))
}

output "c36458" {
  value = tostring(tonumber("12345678901234567890123456789"))
}

output "c36459" {
  value = tostring(123456789012345678901234567890.5)
}

output "c36460" {
  value = "${tonumber("1e3")}"
}

output "c36461" {
  value = "${1.0}"
}

output "c36462" {
  value = tostring(1/3)
}

output "c36463" {
  value = tonumber("0.30000000000000004")
}

output "c36464" {
  value = 0.30000000000000004
}

output "c36465" {
  value = 1.00000000000000000001
}

output "c36466" {
  value = 100000000000000000000.1
}

output "c36467" {
  value = jsonencode(1.00000000000000000001)
}

output "c36468" {
  value = jsonencode(1/3)
}
