module "m" {
  source   = "./m"
  for_each = toset(["p", "q"])
}
output "same" {
  value = length(distinct([for m in module.m : m.id]))
}
