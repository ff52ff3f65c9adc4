variable "v" {
  default = "a"
}
resource "terraform_data" "all" {
  input            = var.v
  triggers_replace = var.v
  lifecycle {
    ignore_changes = all
  }
}
resource "terraform_data" "inp" {
  input            = { x = var.v, y = [var.v, "c"] }
  triggers_replace = "s"
  lifecycle {
    ignore_changes = [input.x]
  }
}
resource "terraform_data" "idx" {
  input = [var.v, var.v]
  lifecycle {
    ignore_changes = [input[0]]
  }
}
resource "terraform_data" "trig" {
  input            = var.v
  triggers_replace = [var.v]
  lifecycle {
    ignore_changes = [triggers_replace]
  }
}
output "o" {
  value = [terraform_data.all.output, terraform_data.inp.output, terraform_data.idx.output, terraform_data.trig.output]
}
