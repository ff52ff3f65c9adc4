module "a" {
  source = "./a"
}
output "x" {
  value = module.a.y.z
}
