variable "on" {
  type    = bool
  default = true
}
resource "terraform_data" "maybe" {
  count = var.on ? 1 : 0
  input = "on"
}
resource "terraform_data" "user" {
  input = {
    id   = try(terraform_data.maybe[0].output, "none")
    all  = terraform_data.maybe[*].output
    text = <<-EOT
      %{for m in terraform_data.maybe~}
      - ${m.output}
      %{endfor~}
      end
    EOT
  }
}
output "u" {
  value = terraform_data.user.output
}
output "one" {
  value = one(terraform_data.maybe[*].output)
}
output "nullable" {
  value = var.on ? "x" : null
}
