module "outer" {
  source = "./outer"
  count  = 2
  name   = "o${count.index}"
}
output "all" {
  value = module.outer[*].inners
}
