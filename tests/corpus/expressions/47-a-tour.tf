locals {
  srv = {
    web = { port = 80, tags = ["a", "b"], meta = { owner = "x", cost = 1.5 } }
    db  = { port = 5432, tags = [], meta = { owner = null, cost = 0 } }
  }
  names  = ["Zoë", "adam", "Bob", ""]
  nums   = [3, "10", 2.5, -1]
  mixed  = [1, "1", true, null]
  nested = { a = [{ b = { c = [1, 2, 3] } }], "x.y" = "dot", "1" = "one" }
  maybe  = null
  s_list = sensitive(["p", "q"])
  csv    = "id,name,qty\n1,bolt,5\n2,nut,12\n"
  yml    = <<-Y
    defaults: &d
      image: "nginx:1.25"
      ports:
        - 80
        - 443
    svc:
      <<: *d
      env:
        A: "1"
        B: yes
    text: |
      line one
        indented
      last
    folded: >-
      a
      b

      c
  Y
}
variable "obj" {
  type = object({
    id   = number
    name = optional(string, "anon")
    list = optional(list(object({ k = string, v = optional(any, "dv") })), [{ k = "k0" }])
  })
  default = { id = "7" }
}
variable "tup" {
  type    = tuple([string, bool, list(number)])
  default = [1, "true", ["1", 2]]
}
variable "anymap" {
  type    = map(any)
  default = { a = 1, b = "two" }
}
variable "anylist" {
  type    = list(any)
  default = [[1], ["a", "b"]]
}

output "c47001" {
  value = [for k, v in local.srv : "${k}:${v.port}" if length(v.tags) > 0]
}

output "c47002" {
  value = { for k, v in local.srv : v.port => k... }
}

output "c47003" {
  value = { for k, v in local.srv : k => v.meta.owner != null ? v.meta.owner : "none" }
}

output "c47004" {
  value = sum([for v in values(local.srv) : v.meta.cost])
}

output "c47005" {
  value = sort(flatten(values(local.srv)[*].tags))
}

output "c47006" {
  value = max([for v in local.srv : v.port]...)
}

output "c47007" {
  value = merge([for k, v in local.srv : { for t in v.tags : "${k}_${t}" => v.port }]...)
}

output "c47008" {
  value = lookup(local.srv, "cache", { port = 0 }).port
}

output "c47009" {
  value = try(local.srv.cache.port, local.srv.db.port, 1)
}

output "c47010" {
  value = local.srv["web"].meta["cost"] * 2
}

output "c47011" {
  value = keys(local.srv)[length(local.srv) - 1]
}

output "c47012" {
  value = local.srv.db.tags == []
}

output "c47013" {
  value = local.srv.db.tags == tolist([])
}

output "c47014" {
  value = [for n in local.names : n if n != ""]
}

output "c47015" {
  value = sort(local.names)
}

output "c47016" {
  value = [for n in sort([for x in local.names : lower(x)]) : title(n)]
}

output "c47017" {
  value = compact(local.names)
}

output "c47018" {
  value = join("|", [for n in local.names : format("%-5s", n)])
}

output "c47019" {
  value = distinct([for n in local.names : substr(n, 0, 1)])
}

output "c47020" {
  value = sum(local.nums)
}

output "c47021" {
  value = sort(local.nums)
}

output "c47022" {
  value = max(local.nums...)
}

output "c47023" {
  value = [for n in local.nums : n > 2.6]
}

output "c47024" {
  value = tolist(local.nums)
}

output "c47025" {
  value = local.mixed == [1, "1", true, null]
}

output "c47026" {
  value = toset(local.mixed)
}

output "c47027" {
  value = tolist(local.mixed)
}

output "c47028" {
  value = [for m in local.mixed : m == null ? "nil" : "v"]
}

output "c47029" {
  value = [for m in local.mixed : try(tostring(m), "x")]
}

output "c47030" {
  value = index(local.mixed, true)
}

output "c47031" {
  value = jsonencode(local.mixed)
}

output "c47032" {
  value = yamlencode(local.mixed)
}

output "c47033" {
  value = local.nested.a[0].b.c[1]
}

output "c47034" {
  value = local.nested.a[*].b.c[*]
}

output "c47035" {
  value = local.nested["x.y"]
}

output "c47036" {
  value = local.nested.1
}

output "c47037" {
  value = local.nested["1"]
}

output "c47038" {
  value = local.nested.a.0.b.c.2
}

output "c47039" {
  value = flatten(local.nested.a[*].b.c)
}

output "c47040" {
  value = local.maybe == null ? "unset" : local.maybe
}

output "c47041" {
  value = local.maybe[*]
}

output "c47042" {
  value = coalesce(local.maybe, "fallback")
}

output "c47043" {
  value = [for x in local.maybe[*] : x]
}

output "c47044" {
  sensitive = true
  value = local.s_list[0]
}

output "c47045" {
  sensitive = true
  value = [for x in local.s_list : upper(x)]
}

output "c47046" {
  sensitive = true
  value = join(",", local.s_list)
}

output "c47047" {
  value = nonsensitive(join(",", local.s_list))
}

output "c47048" {
  value = csvdecode(local.csv)
}

output "c47049" {
  value = csvdecode(local.csv)[1].name
}

output "c47050" {
  value = sum([for r in csvdecode(local.csv) : r.qty])
}

output "c47051" {
  value = { for r in csvdecode(local.csv) : r.name => parseint(r.qty, 10) }
}

output "c47052" {
  value = [for r in csvdecode(local.csv) : r if tonumber(r.qty) > 10]
}

output "c47053" {
  value = yamldecode(local.yml)
}

output "c47054" {
  value = yamldecode(local.yml).svc.image
}

output "c47055" {
  value = yamldecode(local.yml).svc.env.B
}

output "c47056" {
  value = yamldecode(local.yml).text
}

output "c47057" {
  value = yamldecode(local.yml).folded
}

output "c47058" {
  value = yamldecode(yamlencode(yamldecode(local.yml))) == yamldecode(local.yml)
}

output "c47059" {
  value = yamlencode(yamldecode(local.yml))
}

output "c47060" {
  value = jsonencode(yamldecode(local.yml))
}

output "c47061" {
  value = var.obj
}

output "c47062" {
  value = var.obj.list[0].v
}

output "c47063" {
  value = var.tup
}

output "c47064" {
  value = var.tup[2][1]
}

output "c47065" {
  value = var.anymap
}

output "c47066" {
  value = var.anylist
}

output "c47067" {
  value = [for k, v in var.anymap : "${k}${v}"]
}

output "c47068" {
  value = length(var.anylist[1])
}

output "c47069" {
  value = "%{ for k, v in local.srv }${k}=${v.port}%{ if length(v.tags) > 0 }[${join(",", v.tags)}]%{ endif };%{ endfor }"
}

output "c47070" {
  value = <<-EOT
  %{ for k, v in local.srv ~}
  ${k} {
    port ${v.port}
    %{~ for t in v.tags }
    tag ${t}
    %{~ endfor }
  }
  %{ endfor ~}
EOT
}

output "c47071" {
  value = <<EOT
%{ for i, n in local.names ~}
%{ if n == "" ~}
(empty)
%{ else ~}
${i + 1}. ${n}
%{ endif ~}
%{ endfor ~}
EOT
}

output "c47072" {
  value = [
  for k, v in local.srv : {
    name = upper(k)
    desc = <<-D
      port: ${v.port}
        tags: ${jsonencode(v.tags)}
    D
  }
]
}

output "c47073" {
  value = zipmap(keys(local.srv), [for v in local.srv : v.port])
}

output "c47074" {
  value = transpose({ for k, v in local.srv : k => v.tags })
}

output "c47075" {
  value = setproduct(keys(local.srv), ["x", "y"])
}

output "c47076" {
  value = { for p in setproduct(keys(local.srv), [1, 2]) : "${p[0]}.${p[1]}" => p[1] }
}

output "c47077" {
  value = chunklist(range(7), 3)
}

output "c47078" {
  value = [for i, c in chunklist(["a", "b", "c"], 2) : "${i}:${join("", c)}"]
}

output "c47079" {
  value = slice(sort(keys(local.nested)), 1, 3)
}

output "c47080" {
  value = matchkeys(keys(local.srv), [for v in local.srv : v.port], [80])
}

output "c47081" {
  value = element(keys(local.srv), 5)
}

output "c47082" {
  value = reverse(split(".", "a.b.c"))
}

output "c47083" {
  value = replace("a-b_c d", "/[-_ ]/", "")
}

output "c47084" {
  value = replace(lower("Hello World"), "/(\\w+) (\\w+)/", "$2-$1")
}

output "c47085" {
  value = regex("(?P<maj>\\d+)\\.(?P<min>\\d+)", "v1.25.3")
}

output "c47086" {
  value = regexall("[A-Z]", "HeLLo")
}

output "c47087" {
  value = length(regexall("[[:punct:]]", "a.b,c!"))
}

output "c47088" {
  value = formatlist("%s:%d", keys(local.srv), [for v in local.srv : v.port])
}

output "c47089" {
  value = format("%v %#v", local.srv.web.tags, local.srv.web.tags)
}

output "c47090" {
  value = format("%5.1f|%-8q|%+d|%x", 3.14159, "q", 5, 255)
}

output "c47091" {
  value = cidrsubnets("10.0.0.0/16", 8, 8, 4)
}

output "c47092" {
  value = [for i in range(2) : cidrhost(cidrsubnet("192.168.0.0/20", 4, i), -2)]
}

output "c47093" {
  value = base64decode(base64encode(jsonencode(local.srv.web)))
}

output "c47094" {
  value = sha256(join("", sort(keys(local.srv))))
}

output "c47095" {
  value = substr(sha1("x"), -4, 4)
}

output "c47096" {
  value = upper(substr("straße", -2, -1))
}

output "c47097" {
  value = title(replace("snake_case_name", "_", " "))
}

output "c47098" {
  value = strrev(join("", ["a", "b"]))
}

output "c47099" {
  value = trimprefix(trimsuffix("--x--", "--"), "--")
}

output "c47100" {
  value = alltrue([for v in local.srv : v.port > 10])
}

output "c47101" {
  value = anytrue([for v in local.srv : v.port == 443])
}

output "c47102" {
  value = one([for v in local.srv : v.port if v.port > 100])
}

output "c47103" {
  value = one([])
}

output "c47104" {
  value = pow(2, 8) % 10
}

output "c47105" {
  value = parseint("ff", 16) + parseint("-11", 2)
}

output "c47106" {
  value = 1 / 3 == 1 - 2 / 3
}

output "c47107" {
  value = 0.1 + 0.2
}

output "c47108" {
  value = 100 * 1.1
}

output "c47109" {
  value = 1e3 == 1000
}

output "c47110" {
  value = (5 - 3) * -2
}

output "c47111" {
  value = 7 % -3
}

output "c47112" {
  value = !(true && !false) || 2 >= 2
}

output "c47113" {
  value = true ? local.srv.web.port : "n/a"
}

output "c47114" {
  value = false ? [1] : ["a", "b"]
}

output "c47115" {
  value = true ? { a = 1 } : { a = "s", b = 2 }
}

output "c47116" {
  value = { a = 1, "b-c" = { "d" : [2, { e = 3 }] } }
}

output "c47117" {
  value = [{ a = 1 }, { a = 2, b = 3 }][*].a
}

output "c47118" {
  value = tomap({ a = [1], b = ["x"] })
}

output "c47119" {
  value = tomap({ x = { n = 1 }, y = { n = "2" } })
}

output "c47120" {
  value = tolist([{ n = 1 }, { n = "2" }])
}

output "c47121" {
  value = toset([[1], ["1"]])
}

output "c47122" {
  value = tobool("false") || tobool(null) == null
}

output "c47123" {
  value = can(tobool("no"))
}

output "c47124" {
  value = issensitive(local.s_list)
}

output "c47125" {
  value = templatestring(local.names[1], {})
}

output "c47126" {
  value = nonsensitive(1)
}

output "c47127" {
  value = ephemeralasnull("x")
}

output "c47128" {
  value = urlencode("k=v & é")
}

output "c47129" {
  value = textdecodebase64(textencodebase64("é", "UTF-16LE"), "UTF-16LE")
}

output "c47130" {
  value = uuidv5("url", "http://x")
}

output "c47131" {
  value = md5(file("fixtures/note.txt"))
}

output "c47132" {
  value = indent(2, chomp("a\nb\n"))
}

output "c47133" {
  value = split(",", join(",", range(3)))
}

output "c47134" {
  value = abs(-7 / 2)
}

output "c47135" {
  value = log(8, 2) == 3
}

output "c47136" {
  value = core::upper(core::join("", ["a", core::lower("B")]))
}

output "c47137" {
  value = values({ b = 1, a = [2] })
}

output "c47138" {
  value = setintersection(["a", "b"], toset(["b"]), ["b", "c"])
}

output "c47139" {
  value = setsubtract(toset([1, 2]), [2])
}

output "c47140" {
  value = setunion([1], ["1", 2])
}

output "c47141" {
  value = lookup({ a = 1 }, "a", "b")
}

output "c47142" {
  value = lookup({ a = 1, b = "c" }, "z", [1])
}

output "c47143" {
  value = concat(["a"], [1], [[true]])
}

output "c47144" {
  value = coalescelist([], [""], ["x"])
}

output "c47145" {
  value = flatten([[["a"]], [], "b", [null]])
}

output "c47146" {
  value = merge({ a = { b = 1 } }, { a = { c = 2 }, d = null })
}
