resource "terraform_data" "forget" {
  input = 1
}
resource "terraform_data" "drop" {
  count = 2
  input = 2
}
module "m" {
  source = "./m"
}
