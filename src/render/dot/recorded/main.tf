variable "v" { default = 1 }
locals { 
 l = terraform_data.one.id 
 k = [local.l, var.v]
}
provider "terraform" {}
data "terraform_remote_state" "rs" { 
  backend = "local" 
  config = { path = "x" }
}
resource "terraform_data" "zero" {}
resource "terraform_data" "one" {
  input = data.terraform_remote_state.rs.outputs
}
resource "terraform_data" "two" {
  count = length(local.k)
  depends_on = [module.a]
}
module "a" { 
  source = "./m" 
  in = local.k
}
module "b" {
  source = "./m" 
  for_each = toset([terraform_data.two[0].id])
  in = each.key
  depends_on = [terraform_data.zero]
}
resource "terraform_data" "three" {
  input = module.a.out
  triggers_replace = module.b
}
output "o" { value = module.a.out }
check "c" {
  data "terraform_remote_state" "chk" { 
   backend = "local" 
   config = { path = "x" }
  }
  assert { 
    condition = data.terraform_remote_state.chk.outputs.x == terraform_data.zero.id
    error_message = "x"
  }
}
