variable "v" {
  default = 1
}
resource "terraform_data" "src" {
  count = 2
  input = count.index == 0 ? var.v : 0
}
resource "terraform_data" "all" {
  lifecycle {
    replace_triggered_by = [terraform_data.src]
  }
}
resource "terraform_data" "attr" {
  count = 2
  lifecycle {
    replace_triggered_by = [terraform_data.src[count.index].input]
  }
}
resource "terraform_data" "other" {
  for_each = { a = 1 }
  lifecycle {
    replace_triggered_by = [terraform_data.src[1]]
  }
}
