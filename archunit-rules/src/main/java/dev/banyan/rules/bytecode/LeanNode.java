package dev.banyan.rules.bytecode;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * A class as a tree that takes less room, because those of a whole code base are held at once: the names of methods and types, which
 * every class file carries anew, are shared by all, and of local variables only those with type arguments are kept.
 */
final class LeanNode extends ClassNode {

  LeanNode() {
    super(Opcodes.ASM9);
  }

  @Override
  public MethodVisitor visitMethod(int access, String name, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
    MethodNode method = new LeanMethod(access, name.intern(), descriptor.intern(), signature, exceptions);
    methods.add(method);
    return method;
  }

  private static final class LeanMethod extends MethodNode {

    private LeanMethod(int access, String name, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
      super(Opcodes.ASM9, access, name, descriptor, signature, exceptions);
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
      super.visitMethodInsn(opcode, owner.intern(), name.intern(), descriptor.intern(), isInterface);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      super.visitFieldInsn(opcode, owner.intern(), name.intern(), descriptor.intern());
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      super.visitTypeInsn(opcode, type.intern());
    }

    @Override
    public void visitLocalVariable(String name, String descriptor, @Nullable String signature, Label start, Label end, int index) {
      if (signature != null) {
        super.visitLocalVariable(name, descriptor, signature, start, end, index);
      }
    }
  }
}
