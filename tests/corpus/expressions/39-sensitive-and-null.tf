variable "tok" {
  type      = string
  sensitive = true
  default   = "s3cret"
}
variable "smap" {
  type      = map(string)
  sensitive = true
  default   = { a = "1", b = "2" }
}
variable "slist" {
  sensitive = true
  default   = ["q", "w"]
}
variable "nul" {
  default = null
}
variable "nulstr" {
  type    = string
  default = null
}
variable "nnull" {
  type     = string
  default  = "d"
  nullable = false
}
resource "terraform_data" "t" {
  input = { open = "o", hid = sensitive("h") }
}

output "c39001" {
  sensitive = true
  value = var.tok
}

output "c39002" {
  sensitive = true
  value = [var.tok]
}

output "c39003" {
  sensitive = true
  value = { t = var.tok, o = 1 }
}

output "c39004" {
  sensitive = true
  value = "x-${var.tok}"
}

output "c39005" {
  value = nonsensitive(var.tok)
}

output "c39006" {
  value = nonsensitive("plain")
}

output "c39007" {
  value = nonsensitive(length(var.tok))
}

output "c39008" {
  sensitive = true
  value = length(var.tok)
}

output "c39009" {
  sensitive = true
  value = length(var.slist)
}

output "c39010" {
  sensitive = true
  value = var.smap["a"]
}

output "c39011" {
  sensitive = true
  value = keys(var.smap)
}

output "c39012" {
  value = nonsensitive(keys(var.smap))
}

output "c39013" {
  sensitive = true
  value = var.slist[0]
}

output "c39014" {
  sensitive = true
  value = upper(var.tok)
}

output "c39015" {
  value = issensitive(var.tok)
}

output "c39016" {
  value = issensitive([var.tok])
}

output "c39017" {
  value = issensitive({ a = var.tok }.a)
}

output "c39018" {
  value = issensitive({ a = var.tok, b = 1 }.b)
}

output "c39019" {
  value = issensitive(var.tok == "x")
}

output "c39020" {
  value = issensitive(1)
}

output "c39021" {
  value = issensitive(null)
}

output "c39022" {
  value = issensitive(sensitive(null))
}

output "c39023" {
  sensitive = true
  value = sensitive(1)
}

output "c39024" {
  sensitive = true
  value = sensitive(sensitive(1))
}

output "c39025" {
  sensitive = true
  value = sensitive([1, 2])
}

output "c39026" {
  sensitive = true
  value = sensitive(null)
}

output "c39027" {
  value = nonsensitive(sensitive(1))
}

output "c39028" {
  value = nonsensitive(null)
}

output "c39029" {
  sensitive = true
  value = nonsensitive([sensitive(1)])
}

output "c39030" {
  value = [for x in nonsensitive(var.slist) : x]
}

output "c39031" {
  sensitive = true
  value = [for x in var.slist : upper(x)]
}

output "c39032" {
  sensitive = true
  value = var.tok == "s3cret" ? "yes" : "no"
}

output "c39033" {
  sensitive = true
  value = var.tok != null
}

output "c39034" {
  sensitive = true
  value = terraform_data.t.output
}

output "c39035" {
  value = terraform_data.t.output.open
}

output "c39036" {
  sensitive = true
  value = terraform_data.t.output.hid
}

output "c39037" {
  value = var.nul
}

output "c39038" {
  value = [var.nul]
}

output "c39039" {
  value = { a = var.nul }
}

output "c39040" {
  value = var.nulstr == null
}

output "c39041" {
  value = coalesce(var.nulstr, "x")
}

output "c39042" {
  value = var.nnull
}

output "c39043" {
  sensitive = true
  value = jsonencode({ a = var.tok })
}

output "c39044" {
  sensitive = true
  value = jsondecode(jsonencode({ a = var.tok }))
}

output "c39045" {
  sensitive = true
  value = merge({ a = 1 }, { b = var.tok })
}

output "c39046" {
  value = merge({ a = 1 }, { b = var.tok }).a
}

output "c39047" {
  value = issensitive(merge({ a = 1 }, { b = var.tok }).a)
}

output "c39048" {
  value = issensitive(merge(var.smap, { c = 1 }))
}

output "c39049" {
  value = issensitive(concat([1], [var.tok])[0])
}

output "c39050" {
  value = issensitive(concat(["1"], var.slist))
}

output "c39051" {
  sensitive = true
  value = concat(["1"], var.slist)
}

output "c39052" {
  value = issensitive([var.tok, "a"][1])
}

output "c39053" {
  value = issensitive(tolist([var.tok, "a"])[1])
}

output "c39054" {
  value = issensitive(toset([var.tok, "a"]))
}

output "c39055" {
  sensitive = true
  value = toset([var.tok, "a"])
}

output "c39056" {
  value = issensitive(length([var.tok]))
}

output "c39057" {
  value = issensitive(join(",", [var.tok]))
}

output "c39058" {
  sensitive = true
  value = join(",", [var.tok, "b"])
}

output "c39059" {
  value = issensitive(flatten([[var.tok], ["a"]])[1])
}

output "c39060" {
  value = issensitive(lookup({ a = var.tok, b = 1 }, "b", 2))
}

output "c39061" {
  value = issensitive(lookup({ a = var.tok, b = "1" }, "b", "2"))
}

output "c39062" {
  value = issensitive(element([var.tok, "z"], 1))
}

output "c39063" {
  value = issensitive(slice([var.tok, "z"], 1, 2)[0])
}

output "c39064" {
  value = issensitive(zipmap(["a", "b"], [var.tok, "c"]).b)
}

output "c39065" {
  value = issensitive(values({ a = var.tok, b = "1" })[1])
}

output "c39066" {
  value = issensitive(keys({ a = var.tok }))
}

output "c39067" {
  value = issensitive(contains([var.tok], "a"))
}

output "c39068" {
  value = issensitive(try(var.tok, 1))
}

output "c39069" {
  value = issensitive(can(var.tok))
}

output "c39070" {
  value = issensitive(coalesce(var.tok, "x"))
}

output "c39071" {
  value = issensitive(coalesce("x", var.tok))
}

output "c39072" {
  value = issensitive(reverse([var.tok, "a"])[0])
}

output "c39073" {
  value = issensitive(sort([var.tok, "a"])[0])
}

output "c39074" {
  value = issensitive(distinct([var.tok, "a"])[0])
}

output "c39075" {
  value = issensitive(split(",", var.tok))
}

output "c39076" {
  value = issensitive(format("%s", var.tok))
}

output "c39077" {
  value = issensitive(formatlist("%s", [var.tok]))
}

output "c39078" {
  value = issensitive(setproduct([var.tok], ["a"])[0][1])
}

output "c39079" {
  value = issensitive(chunklist([var.tok, "a"], 1)[1])
}

output "c39080" {
  value = issensitive(compact([var.tok, ""]))
}

output "c39081" {
  value = issensitive(matchkeys(["a"], ["b"], [var.tok]))
}

output "c39082" {
  value = issensitive(transpose({ a = [var.tok] }))
}

output "c39083" {
  value = issensitive(one([var.tok]))
}

output "c39084" {
  value = issensitive(range(length(var.slist)))
}

output "c39085" {
  value = issensitive(base64encode(var.tok))
}

output "c39086" {
  value = issensitive(sum([sensitive(1), 2]))
}

output "c39087" {
  value = issensitive(max(sensitive(1), 2))
}

output "c39088" {
  value = issensitive(regex("a", sensitive("a")))
}

output "c39089" {
  value = issensitive(replace("a", "a", var.tok))
}

output "c39090" {
  value = issensitive(setunion(["a"], [var.tok]))
}

output "c39091" {
  value = issensitive({ for k, v in { a = var.tok } : k => v })
}

output "c39092" {
  value = issensitive({ for k, v in { a = var.tok } : k => v }.a)
}

output "c39093" {
  value = issensitive([for v in [var.tok, "b"] : v][1])
}

output "c39094" {
  value = issensitive("a${var.tok}")
}

output "c39095" {
  value = issensitive(!sensitive(true))
}

output "c39096" {
  value = issensitive(-sensitive(1))
}

output "c39097" {
  value = issensitive(1 + sensitive(1))
}

output "c39098" {
  value = issensitive(index(["a", var.tok], "a"))
}

output "c39099" {
  value = issensitive(ephemeralasnull(var.tok))
}

output "c39100" {
  value = issensitive(yamlencode({ a = var.tok }))
}

output "c39101" {
  value = issensitive(tostring(sensitive(1)))
}

output "c39102" {
  value = issensitive(alltrue([sensitive(true)]))
}

output "c39103" {
  value = issensitive(lookup(var.smap, "a"))
}

output "c39104" {
  value = issensitive(var.smap.a)
}

output "c39105" {
  value = issensitive(parseint(sensitive("1"), 10))
}

output "c39106" {
  value = issensitive(cidrhost(sensitive("10.0.0.0/8"), 1))
}

output "c39107" {
  value = issensitive(file("fixtures/note.txt"))
}

output "c39108" {
  value = issensitive(fileexists(sensitive("fixtures/note.txt")))
}

output "c39109" {
  value = issensitive(file(sensitive("fixtures/note.txt")))
}

output "c39110" {
  value = issensitive(uuidv5("dns", sensitive("a")))
}

output "c39111" {
  value = issensitive(length({ a = var.tok }))
}

output "c39112" {
  value = issensitive(tomap({ a = var.tok, b = "x" }).b)
}

output "c39113" {
  value = issensitive(tomap({ a = var.tok, b = "x" }))
}

output "c39114" {
  value = issensitive({ (var.tok) = 1 })
}

output "c39115" {
  value = issensitive([1, 2][sensitive(0)])
}

output "c39116" {
  value = issensitive({ a = 1 }[sensitive("a")])
}
