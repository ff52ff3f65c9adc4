moved {
  from = terraform_data.old
  to   = terraform_data.mid
}
moved {
  from = terraform_data.mid
  to   = terraform_data.new
}
resource "terraform_data" "new" {
  input = "v2"
}
output "id" {
  value = terraform_data.new.id
}
