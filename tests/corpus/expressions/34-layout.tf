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

output "c34001" {
  value = <<EOT
hello
  world
EOT
}

output "c34002" {
  value = <<-EOT
    a
      b
    c
  EOT
}

output "c34003" {
  value = <<-EOT
    ${"x"}
      %{ if true }
      y
      %{ endif }
    EOT
}

output "c34004" {
  value = <<EOT
%{ for x in ["a", "b"] ~}
item ${x}
%{ endfor ~}
EOT
}

output "c34005" {
  value = <<-EOT
  list:
  %{~ for x in ["a", "b"] }
  - ${x}
  %{~ endfor }
  EOT
}

output "c34006" {
  value = <<EOT
$${x} %%{y} \n "q" \
EOT
}

output "c34007" {
  value = upper(<<EOT
abc
EOT
)
}

output "c34008" {
  value = [<<A
x
A
, <<B
y
B
]
}

output "c34009" {
  value = {
  a = <<X
t
X
  b = 1
}
}

output "c34010" {
  value = {
  a = 1
  b = 2, c = 3
  # comment
  d = 4 // x
  /* y */ e = 5
}
}

output "c34011" {
  value = [
  1,
  2, # two

  3
]
}

output "c34012" {
  value = (
  1
  + 2
)
}

output "c34013" {
  value = true ? (
  1
  ) : 2
}

output "c34014" {
  value = [for x in [1, 2] :
  x
  if x > 1
]
}

output "c34015" {
  value = {
  for x in ["a"]
  : x => 1
}
}

output "c34016" {
  value = max(
  1,
  2,
)
}

output "c34017" {
  value = "a${
  1
}b"
}

output "c34018" {
  value = <<EOT
${<<IN
in
IN
}
EOT
}

output "c34019" {
  value = <<-EOT

      a
        b

    c
EOT
}

output "c34020" {
  value = <<EOT
a
b${"c"}
  %{ if false }
no
  %{ else }
else
  %{ endif }
end
EOT
}

output "c34021" {
  value = trimspace(<<-EOT
   a
   b
EOT
)
}

output "c34022" {
  value = <<-EOT
    ${join("\n    ", ["a", "b"])}
  EOT
}

output "c34023" {
  value = <<EOT
line1
line2 ~${"x"}
${~ "y" ~}
 z
EOT
}

output "c34024" {
  value = jsonencode({
  "a" : 1,
  b = [
    for x in range(2) : {
      n = x
    }
  ]
})
}

output "c34025" {
  value = templatestring(local.obj.name, {})
}

output "c34026" {
  value = <<É
accents in the marker
É
}

output "c34027" {
  value = merge(
  { a = 1 },
  {
    b = <<-T
      x
    T
  },
)
}

output "c34028" {
  value = <<EOT
é😀	tab ${1 + 1}
EOT
}
