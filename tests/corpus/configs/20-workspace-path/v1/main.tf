resource "terraform_data" "f" {
  input = {
    file = file("${path.module}/data/a.txt")
    set  = fileset(path.module, "data/*.txt")
    tpl  = templatefile("${path.module}/data/t.tftpl", { names = ["x", "y"], m = { k = 1 } })
    sha  = filesha256("${path.root}/data/a.txt")
    ws   = terraform.workspace
  }
}
output "f" {
  value = terraform_data.f.output
}
