resource "terraform_data" "t" {
  input = {
    s = "x", n = 1.5, b = true, nul = null
    l = tolist(["a"]), set = toset(["b", "a"]), m = tomap({ k = 1 })
    t = [1, "a", null], o = { a = { b = [] } }
    big = 123456789012345678901234567890
  }
  triggers_replace = { a = [1, { b = null }] }
}
resource "terraform_data" "scalar" {
  input = 5
}
output "t" {
  value = terraform_data.t.output
}
output "trig" {
  value = terraform_data.t.triggers_replace
}
