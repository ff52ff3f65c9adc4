variable "v" { default = "a" }
resource "terraform_data" "ignore" {
  input            = { k = var.v, other = 1 }
  triggers_replace = "t-${var.v}"
  lifecycle {
    ignore_changes = [input, triggers_replace]
  }
}
resource "terraform_data" "ignore_all" {
  input = var.v
  lifecycle {
    ignore_changes = all
  }
}
resource "terraform_data" "src" {
  input = var.v
}
resource "terraform_data" "rtb" {
  count = 2
  input = count.index
  lifecycle {
    replace_triggered_by = [terraform_data.src.output]
  }
}
resource "terraform_data" "cbd" {
  triggers_replace = var.v
  lifecycle {
    create_before_destroy = true
  }
}
resource "terraform_data" "dep" {
  triggers_replace = terraform_data.cbd.id
}
resource "terraform_data" "keep" {
  triggers_replace = "fixed"
  lifecycle {
    prevent_destroy = true
  }
}
output "v" {
  value = [terraform_data.ignore.output, terraform_data.ignore_all.output, terraform_data.src.output]
}
