module "m" {
  source = "./m"
  cfg    = { name = "n", disks = [{ id = 1 }, { id = 2, tags = null, opts = { fast = null } }], extra = null }
  nn     = null
  maybe  = null
}
output "m" {
  value = module.m
}
