resource "terraform_data" "cyc" { input = terraform_data.d.id }
resource "terraform_data" "d" { input = terraform_data.cyc.id }
