output "o" {
  value = templatefile("t.tftpl", { n = "x" })
}
